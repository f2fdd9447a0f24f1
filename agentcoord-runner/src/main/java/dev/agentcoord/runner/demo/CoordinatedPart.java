package dev.agentcoord.runner.demo;

import dev.agentcoord.Coordinator;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.fs.FsCoordinator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** With agentcoord: each agent under a runner of its own, and tasks, files, ports and the git index taken before use. */
final class CoordinatedPart implements Part {
    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(10);
    private static final String SPACE = "demo";
    /** What commands take when none is named. */
    private static final String QUEUE = "default";

    private final Stage stage;
    private final Commands commands;
    private final Path launcher;
    private final Path store;
    private final List<String> agents;
    private final TaggedProcesses processes;
    private final Coordinator coordinator;
    private final Session session;
    private final TaskQueue queue;
    private final List<Process> runners = new ArrayList<>();
    private final Path finished;
    private long toldAt;

    CoordinatedPart(Stage stage, Workspace workspace, DemoOptions options) {
        this.stage = stage;
        this.commands = workspace.commands();
        this.processes = workspace.processes();
        this.launcher = options.launcher();
        this.store = workspace.directory().resolve("store");
        this.agents = options.agentNames();
        this.finished = stage.directory().resolve("finished");
        this.coordinator = FsCoordinator.open(store, SPACE);
        this.session = coordinator.join(Participant.named("audience"));
        this.queue = session.queue(QUEUE);
    }

    @Override
    public void start() throws IOException {
        stage.writeSettings(
                "coordinated",
                List.of(
                        "agentcoord", launcher.toString(),
                        "last_port", Integer.toString(stage.firstPort() + agents.size() - 1),
                        "finished", finished.toString()));
        for (DemoTask task : stage.tasks()) {
            queue.enqueue(NewTask.of(String.join(" ", task.files())).id(new TaskId(task.id())));
        }
        for (String agent : agents) {
            runners.add(commands.start(stage.checkout().root(), runnerCommand(agent)));
        }
    }

    /** Agents wait for more tasks, among them those of an agent that died, until they are told that all are done. */
    @Override
    public boolean isOver() throws IOException {
        if (!Files.exists(finished)) {
            if (ended() < stage.tasks().size()) {
                requireRunners();
                return false;
            }
            Files.createFile(finished);
            toldAt = System.nanoTime();
        }
        return processes.living().isEmpty() || System.nanoTime() - toldAt > LONGEST_GOODBYE.toNanos();
    }

    @Override
    public void close() {
        coordinator.close();
    }

    /** What should be gone when all agents have ended, but is not. */
    Leftovers leftovers() {
        return new Leftovers(
                processes.living().size(),
                (int) coordinator.sessions().stream()
                        .filter(view -> !view.info().id().equals(session.info().id()))
                        .count(),
                coordinator.locks().size());
    }

    /** How many tasks will not be worked on any more. */
    int ended() {
        return queue.depth().getOrDefault(TaskState.DONE, 0) + queue.depth().getOrDefault(TaskState.DEAD, 0);
    }

    private void requireRunners() throws IOException {
        if (runners.stream().noneMatch(Process::isAlive)) {
            throw new IOException(
                    "all agents ended before their tasks were done; the last error: " + commands.lastError());
        }
    }

    private List<String> runnerCommand(String agent) {
        List<String> command = new ArrayList<>(List.of(launcher.toString(), "run", "--name", agent));
        command.addAll(List.of("--store", "fs:" + store, "--project", SPACE, "--"));
        command.addAll(stage.agentCommand(agent));
        return command;
    }
}
