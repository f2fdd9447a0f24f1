package dev.agentcoord.runner.cli;

import dev.agentcoord.SessionView;
import java.util.List;

/** Lists the live sessions of the space. */
@picocli.CommandLine.Command(name = "ls", description = "Lists the live sessions, in the order they joined.")
final class ListSessionsCommand extends CoordinatingCommand {
    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            List<SessionView> sessions = membership.coordinator().sessions();
            if (isJson()) {
                outJson(context, sessions.stream().map(Views::map).toList());
            } else {
                sessions.forEach(session -> context.reply().out(Views.line(session)));
            }
            return ExitCode.OK;
        }
    }
}
