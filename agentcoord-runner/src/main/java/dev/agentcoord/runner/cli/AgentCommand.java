package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.session.RunRecord;
import dev.agentcoord.runner.session.RunRecords;
import dev.agentcoord.runner.store.PlaceFinder;
import java.io.IOException;
import java.nio.file.Files;
import picocli.CommandLine.Parameters;

/** A command about one agent of the same user on this machine, found by its name. */
abstract class AgentCommand extends CoordinatingCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "the agent's name")
    private String agent = "";

    /** The agent's name. */
    final String agent() {
        return agent;
    }

    /** Where it runs: inside a session with the caller, wherever that stands by now, unless another project is named. */
    final String project(Context context) {
        return context.inside()
                .filter(run -> placeOptions().project().isEmpty())
                .map(AgentRun::place)
                .orElseGet(() -> new PlaceFinder(context.environment())
                        .find(context.request().directory(), placeOptions()))
                .space();
    }

    /** Its latest run. Throws {@link Refusal} when there was none. */
    final RunRecord run(Context context, boolean mustLive) throws IOException {
        String project = project(context);
        RunRecord run = new RunRecords(context.environment())
                .find(agent, project)
                .orElseThrow(() ->
                        Refusal.failed("you have run no agent " + agent + " in project " + project, "agentcoord ls"));
        if (mustLive && !run.isAlive()) {
            throw Refusal.failed("agent " + agent + " has ended", "agentcoord status " + agent);
        }
        if (mustLive && !run.runtime().isOwn()) {
            String owner = Files.getOwner(run.runtime().path()).getName();
            throw Refusal.failed(
                    "agent " + agent + " belongs to " + owner
                            + ", who could run commands as you in a terminal you joined",
                    "sudo -u " + owner + " agentcoord ... , or agentcoord logs -f " + agent);
        }
        return run;
    }
}
