#!/bin/sh
# A stand-in for a coding agent: takes a task, reads the files it names, thinks,
# edits them, tries the result on a dev server, commits. The work is the same in
# both parts of the demo; only the functions under "Coordination" differ.
# Usage: agent.sh SETTINGS AGENT SEED
set -u

. "$1"
agent=$2
random=$3
scratch=$directory/scratch/$agent

export LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_OPTIONAL_LOCKS=0
export GIT_AUTHOR_NAME="$agent" GIT_AUTHOR_EMAIL="$agent@localhost"
export GIT_COMMITTER_NAME="$agent" GIT_COMMITTER_EMAIL="$agent@localhost"
# git's own account of every command and its exit status.
export GIT_TRACE2_EVENT="$directory/git" GIT_TRACE2_EVENT_BRIEF=1

# --- Work -------------------------------------------------------------------

# One turn of the model, which comes between any two things an agent does. It
# takes seconds; 60 to 260 ms are enough to show the same.
think() {
    random=$(((random * 1103515245 + 12345) % 2147483648))
    milliseconds=$((random / 65536 % 200 + 1060))
    sleep "0.${milliseconds#1}"
}

work() {
    if is_committed; then return; fi
    read_files
    think
    edit_files
    try_out
    commit
}

is_committed() { [ -n "$(git log -n 1 --format=%h --fixed-strings --grep="$task:" "$base..HEAD")" ]; }

read_files() {
    number=0
    for file in $files; do
        number=$((number + 1))
        cat "$file" >"$scratch/$number"
        think
    done
}

# Writes each file anew from what was read, with this task's line below the first.
edit_files() {
    number=0
    for file in $files; do
        number=$((number + 1))
        sed -e "/^$marker $task /d" -e "1a\\
$marker $task $agent" "$scratch/$number" >"$scratch/edited"
        cat "$scratch/edited" >"$file"
        think
    done
}

try_out() {
    take_port
    start_server "$port"
    think
    kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null
    give_back_port
}

# Returns when the server has said that it listens or that it cannot.
start_server() {
    log=$directory/servers/$task-$agent
    "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xshare:auto -Xmx16m \
        -cp "$classes" dev.agentcoord.runner.demo.DevServer "$1" >"$log" 2>/dev/null &
    server=$!
    until [ -s "$log" ]; do
        kill -0 "$server" 2>/dev/null || return
        sleep 0.05
    done
}

commit() {
    take_index
    for attempt in 1 2 3; do
        if git add -- $files && git commit --quiet --message="$task: edit $files"; then break; fi
        think
        if git diff --quiet HEAD -- $files; then break; fi
    done
    give_back_index
}

# --- Coordination -----------------------------------------------------------

# As people do today: a list in a shared file, everybody's default port, and no
# more care for each other's files and git index than a prompt asks for.
uncoordinated() {
    next_task() {
        line=$(sed -n '/^- \[ \] /{s///p;q;}' "$todo")
        if [ -z "$line" ]; then return 1; fi
        think
        sed "s/^- \[ \] ${line%% *} /- [x] ${line%% *} /" "$todo" >"$scratch/todo" && mv "$scratch/todo" "$todo"
    }
    take_files() { :; }
    take_port() { port=$first_port; }
    give_back_port() { :; }
    take_index() { :; }
    give_back_index() { :; }
    finish_task() { :; }
}

# ---------------------------------------------------------------------------

mkdir -p "$scratch"
cd "$repository" || exit 1
"$part"
while think && next_task; do
    task=${line%% *}
    files=${line#* }
    if take_files; then work; fi
    finish_task
done
