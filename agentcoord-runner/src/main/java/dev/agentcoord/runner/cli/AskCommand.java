package dev.agentcoord.runner.cli;

import dev.agentcoord.TicketId;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks the holder of a lock to release it. */
@picocli.CommandLine.Command(
        name = "ask",
        description = "Asks a lock's holder politely to release it; the holder's next command tells who asks and why.")
final class AskCommand extends CoordinatingCommand {
    @Parameters(arity = "1", paramLabel = "TICKET", description = "its number, as 'agentcoord locks' shows it")
    private String ticket = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "shown to the holder")
    private String reason = "";

    @Override
    int run(Context context) {
        TicketId id = TicketId.parse(ticket);
        try (Membership membership = join(context)) {
            membership.session().locks().requestRelease(id, reason);
        }
        if (isJson()) {
            outJson(context, Map.of("asked", id.position()));
        } else {
            context.reply().out("asked for " + id);
        }
        return ExitCode.OK;
    }
}
