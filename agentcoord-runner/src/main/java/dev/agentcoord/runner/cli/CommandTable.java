package dev.agentcoord.runner.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** All commands by their one or two words, in the order help lists them. */
final class CommandTable {
    private static final Map<String, Entry> ENTRIES = new LinkedHashMap<>();

    static {
        add("init", "write which store and project this repository uses", InitCommand::new);
        add("run", "run an agent in its own terminal and session", RunCommand::new);
        add("ls", "list the live sessions", ListSessionsCommand::new);
        add("lock", "take locks: PATH, DIR/, glob:PATTERN, name:KEY, pool:NAME/CAPACITY", LockCommand::new);
        add("unlock", "give locks up", UnlockCommand::new);
        add("locks", "list who holds and who waits", ListLocksCommand::new);
        add("why", "say who stands in the way of a lock, or of a ticket that waits", WhyCommand::new);
        add("ask", "ask a holder politely to release a lock", AskCommand::new);
        add("steal", "break somebody's lock, with a recorded reason", StealCommand::new);
        add("thefts", "list the latest thefts", ListTheftsCommand::new);
        add("task add", "put a task into a queue", TaskAddCommand::new);
        add("task claim", "take the next task", TaskClaimCommand::new);
        add("task done", "complete a claimed task", TaskDoneCommand::new);
        add("task fail", "fail a claimed task, to be tried again or never", TaskFailCommand::new);
        add("task release", "give a claimed task back", TaskReleaseCommand::new);
        add("task handoff", "pass a claimed task on, with its locks", TaskHandoffCommand::new);
        add("task cancel", "take a task back, and those that depend on it", TaskCancelCommand::new);
        add("task redrive", "let dead letters be tried again", TaskRedriveCommand::new);
        add("task show", "show a task and how its deliveries ended", TaskShowCommand::new);
        add("task list", "list a queue's tasks", TaskListCommand::new);
        add("task ls", "the same as task list", TaskListCommand::new);
        add("task queue", "show or change a queue: pause, drain, resume, bounds", TaskQueueCommand::new);
        add("state get", "print a value", StateGetCommand::new);
        add("state put", "write a value", StatePutCommand::new);
        add("state cas", "write a value if it is still at a revision", StateCompareAndSetCommand::new);
        add("state rm", "delete a value", StateRemoveCommand::new);
        add("state ls", "list keys", StateListCommand::new);
        add("state watch", "print what changes until interrupted", StateWatchCommand::new);
        add("port lease", "lease a free port: NAME, NAME=3000, NAME=3000-3999", PortLeaseCommand::new);
        add("port release", "give a leased port up", PortReleaseCommand::new);
        add("port list", "list who leases which port and who listens there", PortListCommand::new);
        add("status", "say where you are and what you hold", StatusCommand::new);
        add("logs", "print what an agent's terminal showed", LogsCommand::new);
        add("attach", "join an agent's terminal", AttachCommand::new);
        add("send", "type a text into an agent's terminal", SendCommand::new);
        add("stop", "end an agent and all it started", StopCommand::new);
        add("reap", "clean up after runners that were killed", ReapCommand::new);
        add("doctor", "check what agentcoord needs", DoctorCommand::new);
        add("demo", "show what gets lost without agentcoord, and that nothing does with it", DemoCommand::new);
        add("version", "print the version", VersionCommand::new);
    }

    private CommandTable() {}

    /**
     * One command.
     *
     * @param name its words
     * @param summary what it does, in a few words
     * @param make makes a new one
     */
    record Entry(String name, String summary, Supplier<Command> make) {
        /** How many words name it. */
        int words() {
            return name.indexOf(' ') < 0 ? 1 : 2;
        }
    }

    /** The command that the first one or two arguments name. */
    static Optional<Entry> find(List<String> arguments) {
        if (arguments.isEmpty()) {
            return Optional.empty();
        }
        Entry one = ENTRIES.get(arguments.get(0));
        if (one != null || arguments.size() < 2) {
            return Optional.ofNullable(one);
        }
        return Optional.ofNullable(ENTRIES.get(arguments.get(0) + " " + arguments.get(1)));
    }

    /** All commands. */
    static List<Entry> all() {
        return List.copyOf(ENTRIES.values());
    }

    private static void add(String name, String summary, Supplier<Command> make) {
        ENTRIES.put(name, new Entry(name, summary, make));
    }
}
