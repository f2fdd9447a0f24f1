package dev.agentcoord.runner.cli;

import dev.agentcoord.Claim;
import dev.agentcoord.Grant;
import dev.agentcoord.Recipient;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.Holdings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Passes a claimed task on, with its locks. */
@picocli.CommandLine.Command(
        name = "handoff",
        description = "Passes a task that this session claimed on to somebody else, together with its locks, so that"
                + " nobody gets in between; it does not count as an attempt.")
final class TaskHandoffCommand extends QueueCommand {
    @Parameters(arity = "0..1", paramLabel = "ID", description = "may be left out when only one task is claimed")
    private String id = "";

    @Option(names = "--to", paramLabel = "AGENT", description = "only this agent may claim it; default: anyone")
    private @Nullable String to;

    @Option(
            names = "--requires",
            paramLabel = "WORD",
            split = ",",
            description = "only who has all these capabilities may claim it")
    private Set<String> requires = Set.of();

    @Option(names = "--note", paramLabel = "TEXT", description = "for whoever claims it; - reads standard input")
    private String note = "";

    @Option(names = "--with-locks", description = "also hand on the locks this session holds beside its tasks")
    private boolean withLocks;

    @Override
    int run(Context context) throws IOException {
        if (to != null && !requires.isEmpty()) {
            throw Refusal.usage("--to names one agent, --requires whoever is able", "agentcoord task handoff --help");
        }
        try (Membership membership = join(context)) {
            Holdings holdings = holdings(membership);
            Claim claim = claimed(membership, id);
            List<Grant> own = withLocks ? holdings.ownGrants() : List.of();
            Recipient recipient = new Recipient(Optional.ofNullable(to), requires);
            String text = new String(context.value(note), StandardCharsets.UTF_8);
            end(context, membership, claim, "handed off", () -> {
                claim.handoff(recipient, text, own);
                holdings.forget(Set.copyOf(own));
            });
            return ExitCode.OK;
        }
    }
}
