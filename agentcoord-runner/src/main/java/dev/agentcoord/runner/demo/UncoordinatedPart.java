package dev.agentcoord.runner.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** As people do today: each agent in a tmux session, a task list in a shared file, and no more agreement than that. */
final class UncoordinatedPart implements Part {
    private final Stage stage;
    private final Commands commands;
    private final List<String> agents;
    private final TaggedProcesses processes;
    private final List<ProcessHandle> roots = new ArrayList<>();

    UncoordinatedPart(Stage stage, Workspace workspace, DemoOptions options) {
        this.stage = stage;
        this.commands = workspace.commands();
        this.processes = workspace.processes();
        this.agents = options.agentNames();
    }

    @Override
    public void start() throws IOException, InterruptedException {
        Path list = stage.directory().resolve("TODO.md");
        Files.writeString(
                list,
                stage.tasks().stream()
                        .map(task -> "- [ ] " + task.line() + "\n")
                        .collect(Collectors.joining()));
        stage.writeSettings("uncoordinated", List.of("todo", list.toString()));
        for (String agent : agents) {
            startInTmux(agent);
        }
    }

    @Override
    public boolean isOver() {
        return roots.stream().noneMatch(ProcessHandle::isAlive);
    }

    /** Ends what the agents leave running, as one does by hand. */
    @Override
    public void close() {
        processes.killAll();
    }

    private void startInTmux(String agent) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("tmux", "-S", stage.directory().resolve("tmux").toString(), "-f", "/dev/null"));
        command.addAll(List.of("new-session", "-d", "-P", "-F", "#{pane_pid}", "-s", agent, "--"));
        command.addAll(stage.agentCommand(agent));
        String pid = commands.output(stage.directory(), command).strip();
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(roots::add);
    }
}
