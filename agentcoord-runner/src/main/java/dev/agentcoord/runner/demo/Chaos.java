package dev.agentcoord.runner.demo;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Lets one agent and one runner die of kill -9 once a third of the tasks is done. */
final class Chaos implements Part {
    private final CoordinatedPart part;
    private final Stage stage;
    private final TaggedProcesses processes;
    private final List<String> agents;
    private final Progress progress;
    private boolean struck;

    Chaos(CoordinatedPart part, Stage stage, Workspace workspace, DemoOptions options, Progress progress) {
        this.part = part;
        this.stage = stage;
        this.processes = workspace.processes();
        this.agents = options.agentNames();
        this.progress = progress;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        part.start();
    }

    @Override
    public boolean isOver() throws IOException {
        if (!struck && part.ended() * 3 >= stage.tasks().size()) {
            struck = true;
            kill("agent " + agents.get(0), "sh ", String.join(" ", stage.agentCommand(agents.get(0))));
            kill("the runner of " + agents.get(1), "java", " run --name " + agents.get(1) + " ");
        }
        return part.isOver();
    }

    @Override
    public void close() {
        part.close();
    }

    /** The eldest whose command line has both texts: an agent's subshells have the same one. */
    private void kill(String who, String program, String arguments) {
        processes.running(program).stream()
                .filter(process -> TaggedProcesses.commandLine(process).contains(arguments))
                .min(Comparator.comparing(
                        process -> process.info().startInstant().orElse(Instant.MAX)))
                .ifPresentOrElse(
                        process -> {
                            process.destroyForcibly();
                            progress.say("  killed " + who + ", pid " + process.pid());
                        },
                        () -> progress.say("  " + who + " had ended before it could be killed"));
    }
}
