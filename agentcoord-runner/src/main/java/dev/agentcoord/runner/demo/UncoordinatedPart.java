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
    private final int agents;
    private final List<ProcessHandle> roots = new ArrayList<>();

    UncoordinatedPart(Stage stage, Commands commands, int agents) {
        this.stage = stage;
        this.commands = commands;
        this.agents = agents;
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
        for (int i = 1; i <= agents; i++) {
            startInTmux("agent-" + i, i);
        }
    }

    @Override
    public boolean isOver() {
        return roots.stream().noneMatch(ProcessHandle::isAlive);
    }

    private void startInTmux(String agent, int seed) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("tmux", "-S", stage.directory().resolve("tmux").toString(), "-f", "/dev/null"));
        command.addAll(List.of("new-session", "-d", "-P", "-F", "#{pane_pid}", "-s", agent, "--"));
        command.addAll(stage.agentCommand(agent, seed));
        String pid = commands.output(stage.directory(), command).strip();
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(roots::add);
    }
}
