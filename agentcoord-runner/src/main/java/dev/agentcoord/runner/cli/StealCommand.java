package dev.agentcoord.runner.cli;

import dev.agentcoord.TicketId;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Breaks another session's lock. */
@picocli.CommandLine.Command(
        name = "steal",
        description =
                "Breaks a lock; its holder is told before anyone else gets it. Breaking name:agent:NAME, by which an agent"
                        + " has its name, ends that agent.")
final class StealCommand extends CoordinatingCommand {
    @Parameters(arity = "1", paramLabel = "#N", description = "the ticket, as 'agentcoord locks' shows it")
    private String ticket = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "recorded and shown to the holder")
    private String reason = "";

    @Override
    int run(Context context) {
        TicketId id = TicketId.parse(ticket);
        try (Membership membership = join(context)) {
            membership.session().locks().steal(id, reason);
        }
        if (isJson()) {
            outJson(context, Map.of("stolen", id.position()));
        } else {
            context.reply().out("stolen " + id);
        }
        return ExitCode.OK;
    }
}
