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
            outList(context, sessions, Views::map, Views::line, "there is no live session");
            return ExitCode.OK;
        }
    }
}
