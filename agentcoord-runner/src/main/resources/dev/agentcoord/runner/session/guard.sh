# The root process of an agent's terminal. Waits until its runner lets the agent go, tells it how the agent ended, and ends
# everything the agent started if the runner dies first. Usage: sh guard.sh DIRECTORY
# The runner answers each line sent to DIRECTORY/guard: `gate` and `watch` with the session's id as soon as the agent may
# start; it then closes the first at once, and the second and `ended STATUS` when all is over or it has died.
set -u
dir=$1
# Reset in what it starts. PIPE, because the shell itself reports a killed agent on standard error, whoever reads that.
trap : HUP INT QUIT TERM PIPE

ask() { printf '%s\n' "$1" | nc -U "$dir/guard" 2>/dev/null; }

# An nc that was killed by a signal says nothing about the runner.
watch_runner() {
    trap '' HUP TERM PIPE
    while :; do
        session=$(ask watch)
        if [ $? -le 128 ]; then break; fi
    done
    if [ -n "$session" ]; then end_tree; fi
    if ! kill -0 "$$" 2>/dev/null; then clean_up; fi
}

clean_up() {
    tmux -S "$dir/tmux" kill-server 2>/dev/null
    rm -rf "$dir"
}

# Until the agent itself has ended too: it may only just be starting.
end_tree() {
    signal=TERM
    passes=0
    until find_members && [ -z "$members" ] && has_ended; do
        # shellcheck disable=SC2086 # a list of process ids
        if [ -n "$members" ]; then kill -s "$signal" $members 2>/dev/null; fi
        passes=$((passes + 1))
        if [ "$passes" -ge 4 ]; then signal=KILL; fi
        sleep 0.1
    done
}

has_ended() { [ -e "$dir/ended" ] || [ ! -d "$dir" ] || ! kill -0 "$$" 2>/dev/null; }

# Sets members: what carries the session in its environment or belongs to this terminal, and what these started.
find_members() {
    members=
    # shellcheck disable=SC2013 # such names have no spaces
    for file in $(grep -lsF "AGENTCOORD_SESSION=$session" /proc/[0-9]*/environ); do
        file=${file#/proc/}
        members="$members ${file%/environ}"
    done
    grew=yes
    while [ -n "$grew" ]; do
        grew=
        for stat in /proc/[0-9]*/stat; do
            add_if_related "$stat"
        done
    done
}

add_if_related() {
    pid=${1#/proc/}
    pid=${pid%/stat}
    case " $members " in *" $pid "*) return ;; esac
    { IFS= read -r line <"$1"; } 2>/dev/null || return
    # shellcheck disable=SC2086 # fields: state, parent, process group, process session
    set -- ${line##*) }
    if [ "$1" = Z ]; then return; fi
    case " $members " in
        *" $2 "*) ;;
        *) if [ "$4" != "$$" ] || is_guard "$pid"; then return; fi ;;
    esac
    members="$members $pid"
    grew=yes
}

is_guard() { grep -qsF "AGENTCOORD_GUARD=$AGENTCOORD_GUARD" "/proc/$1/environ"; }

# shellcheck disable=SC2120 # its arguments come from the file
start_agent() (
    AGENTCOORD_SESSION=$session
    export AGENTCOORD_SESSION
    unset AGENTCOORD_GUARD
    # shellcheck disable=SC1091 # made for each run
    . "$dir/environment"
    # shellcheck disable=SC1091
    . "$dir/command"
    exec "$@"
)

watch_runner &
session=$(ask gate)
if [ -n "$session" ]; then
    # shellcheck disable=SC2119
    start_agent
    status=$?
    : >"$dir/ended"
    ask "ended $status" >/dev/null
fi
until wait; do :; done
clean_up
