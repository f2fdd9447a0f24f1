package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.control.ControlClient;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.session.RunRecord;
import dev.agentcoord.runner.session.Spared;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Ends an agent: in its own runner by ending the processes, elsewhere by asking that runner. */
@picocli.CommandLine.Command(
        name = "stop",
        description = "Ends an agent and all it started, and releases what it held.")
final class StopCommand extends AgentCommand {
    @Option(names = "--force", description = "kill at once instead of asking first")
    private boolean force;

    @Override
    int run(Context context) throws IOException, InterruptedException {
        Optional<AgentRun> here = context.inside().filter(run -> isMeant(run, context));
        if (here.isPresent()) {
            refuseSpared(here.get().stop(force ? Duration.ZERO : AgentRun.GRACE));
            answer(context);
            return ExitCode.OK;
        }
        RunRecord run = run(context, true);
        List<String> words = new ArrayList<>(List.of("stop", agent()));
        if (force) {
            words.add("--force");
        }
        if (isJson()) {
            words.add("--json");
        }
        try (ControlClient runner = ControlClient.connect(run.runtime().controlSocket())) {
            return runner.call(context.request().directory(), words, context.reply());
        } catch (IOException e) {
            throw Refusal.failed("the runner of " + agent() + " does not answer: " + e.getMessage(), "agentcoord reap");
        }
    }

    private boolean isMeant(AgentRun run, Context context) {
        return run.record().agent().equals(agent()) && run.place().space().equals(project(context));
    }

    private void refuseSpared(Set<Long> spared) {
        if (!spared.isEmpty()) {
            throw Spared.refusal(agent() + " has ended, but processes that it started", spared);
        }
    }

    private void answer(Context context) {
        if (isJson()) {
            outJson(context, Map.of("stopped", agent()));
        } else {
            context.reply().out("stopped " + agent());
        }
    }
}
