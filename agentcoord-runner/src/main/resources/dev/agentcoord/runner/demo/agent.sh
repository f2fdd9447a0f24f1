#!/bin/sh
# A stand-in for a coding agent: takes a task, reads the files it names, thinks,
# edits them, tries the result on a dev server, commits. The work is the same in
# both parts of the demo; only the functions under "Coordination" differ.
# Usage: agent.sh SETTINGS AGENT SEED
# SETTINGS sets variables, functions are called by name, and file names are plain
# words.
# shellcheck disable=SC2154,SC2317,SC2086,SC1090,SC1010
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
# takes seconds; 40 to 140 ms are enough to show the same.
think() {
    random=$(((random * 1103515245 + 12345) % 2147483648))
    milliseconds=$((random / 65536 % 100 + 1040))
    sleep "0.${milliseconds#1}"
}

# To understand what was read takes more than one turn.
plan() { think && think && think; }

work() {
    if is_committed; then return; fi
    read_files
    plan
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
    take_index || return
    for _ in 1 2 3; do
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
    give_back_files() { :; }
    take_port() { port=$first_port; }
    give_back_port() { :; }
    take_index() { :; }
    give_back_index() { :; }
    finish_task() { :; }
}

# With agentcoord. The session's runner answers, so no command starts a JVM.
coordinated() {
    next_task() {
        until line=$("$agentcoord" task claim --wait 1s 2>/dev/null); do
            if [ $? != 75 ] || [ -e "$finished" ]; then return 1; fi
        done
        think
    }
    take_files() {
        "$agentcoord" lock --quiet --wait 5m --reason "$task" $files && restore_files
    }
    # Changes found in files that were locked a moment ago are those of an agent that died over them.
    restore_files() {
        if git diff --quiet HEAD -- $files; then return; fi
        take_index && git checkout --quiet HEAD -- $files
        give_back_index
    }
    give_back_files() { "$agentcoord" unlock $files >/dev/null; }
    # A server of an agent that died may listen a moment longer, so it takes another port, or waits.
    take_port() {
        until port=$("$agentcoord" port lease "server=$first_port-$last_port" --wait 1m 2>/dev/null); do think; done
    }
    give_back_port() { "$agentcoord" port release server >/dev/null; }
    # Lock files and staged changes found now are those of an agent that died over them, too.
    take_index() {
        "$agentcoord" lock --quiet --wait 5m --reason "commit $task" name:git:index || return
        rm -f .git/index.lock .git/HEAD.lock .git/refs/heads/*.lock
        git diff --cached --quiet || git reset --quiet
    }
    give_back_index() { "$agentcoord" unlock name:git:index >/dev/null; }
    finish_task() {
        if is_committed; then "$agentcoord" task done "$task"; else "$agentcoord" task release "$task"; fi >/dev/null
    }
}

# ---------------------------------------------------------------------------

mkdir -p "$scratch"
cd "$repository" || exit 1
"$part"
while think && next_task; do
    set -- $line
    task=$1
    shift
    files=$*
    if take_files; then
        work
        give_back_files
    fi
    finish_task
done
