package dev.agentcoord.runner.cli;

import dev.agentcoord.Coordinator;
import dev.agentcoord.ports.PortRequest;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.session.RunPlan;
import dev.agentcoord.runner.session.RunRecord;
import dev.agentcoord.runner.session.RunRecords;
import dev.agentcoord.runner.store.Place;
import dev.agentcoord.runner.store.PlaceFinder;
import dev.agentcoord.runner.store.Stores;
import dev.agentcoord.runner.text.Json;
import dev.agentcoord.runner.tmux.Tmux;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Option;

/**
 * Runs an agent. On a terminal, and with {@code --detach}, a runner in the background does it, so that a lost connection ends nothing;
 * otherwise this process is the runner and returns the agent's status.
 */
@picocli.CommandLine.Command(
        name = "run",
        description =
                "Runs the command after -- in its own terminal, with a session that lives exactly as long as it does.")
final class RunCommand extends CoordinatingCommand {
    private static final String USAGE = "agentcoord run --name NAME -- COMMAND";

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "the agent's name: a-z, 0-9 and -")
    private String name = "";

    @Option(
            names = "--port",
            paramLabel = "NAME[=RANGE]",
            description = "lease a port for it: the first is its PORT, each its AGENTCOORD_PORT_NAME; repeatable")
    private List<String> ports = List.of();

    @Option(
            names = "--capability",
            paramLabel = "WORD",
            split = ",",
            description = "what it is able to do, for tasks that need it; repeatable")
    private Set<String> capabilities = Set.of();

    @Option(names = "--detach", description = "return as soon as the agent has been let go")
    private boolean detach;

    @Option(names = "--background", hidden = true, description = "this is the runner that --detach started")
    private boolean background;

    @Override
    boolean takesCommand() {
        return true;
    }

    @Override
    int run(Context context) throws IOException, InterruptedException {
        context.requireOwnProcess("run");
        RunPlan plan = plan(context);
        if (background || (!detach && !Attachment.isPossible())) {
            return serve(plan, context);
        }
        RunRecord started = BackgroundRunner.start(context);
        report(context, started);
        return detach ? ExitCode.OK : attach(context, started);
    }

    private RunPlan plan(Context context) throws IOException, InterruptedException {
        List<String> command = Program.required(context, USAGE);
        List<PortRequest> wanted = PortWords.read(ports);
        Tmux.requireUsable();
        Path directory = context.request().directory();
        Place place = new PlaceFinder(context.environment()).find(directory, placeOptions());
        return new RunPlan(name, place, directory, command, context.environment(), capabilities, wanted);
    }

    /** Is the runner, to the agent's end. */
    private int serve(RunPlan plan, Context context) throws IOException, InterruptedException {
        if (!background && plan.place().isPrivate()) {
            context.reply().err("agentcoord: " + plan.place().describe());
        }
        try (Coordinator coordinator = Stores.open(plan.place(), plan.environment())) {
            // Only now: a store that cannot be used must not become everybody's.
            new PlaceFinder(plan.environment()).settle(plan.directory(), placeOptions());
            AgentRun run = AgentRun.start(plan, coordinator, agent -> Dispatcher.ofRun(agent, plan.environment()));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(run), "stop"));
            if (background) {
                context.reply().out(Json.write(run.record().values()));
            } else {
                context.reply()
                        .err("agentcoord: agent " + name + " runs. Next: agentcoord attach " + name + " | logs -f "
                                + name + " | stop " + name);
            }
            context.reply().flush();
            WarmUp.start(run);
            int status = run.over().get();
            tellWhy(run.record(), context);
            return status;
        } catch (ExecutionException e) {
            throw new IOException("the run ended unexpectedly", e);
        }
    }

    /** On a signal the agent is ended first; a run that is over needs nothing more. */
    private static void stop(AgentRun run) {
        if (!run.over().isDone()) {
            try {
                run.stop(AgentRun.GRACE);
                run.over().get();
            } catch (InterruptedException | ExecutionException e) {
                // The process ends either way, and the guard ends the agent.
            }
        }
    }

    private int attach(Context context, RunRecord started) throws IOException, InterruptedException {
        Attachment.to(started, context.environment());
        RunRecords records = new RunRecords(context.environment());
        if (records.awaitEnd(started)) {
            RunRecord ended = records.find(started.id());
            tellWhy(ended, context);
            return ended.status().orElse(ExitCode.FAILED);
        }
        context.reply().err("agentcoord: agent " + name + " goes on. Next: agentcoord attach " + name);
        return ExitCode.OK;
    }

    private void tellWhy(RunRecord ended, Context context) {
        if (!ended.why().isEmpty()) {
            context.reply()
                    .err("agentcoord: agent " + name + " was ended: " + ended.why() + ". Next: agentcoord logs "
                            + name);
        }
    }

    private void report(Context context, RunRecord started) {
        if (isJson()) {
            outJson(context, started.values());
        } else if (detach) {
            context.reply()
                    .out("agent " + name + " runs. Next: agentcoord attach " + name + " | logs -f " + name + " | stop "
                            + name);
        }
    }
}
