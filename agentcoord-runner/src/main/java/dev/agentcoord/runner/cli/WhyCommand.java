package dev.agentcoord.runner.cli;

import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Parameters;

/** Says who stands in the way of a lock, without asking for it. */
@picocli.CommandLine.Command(
        name = "why",
        description = "Says who stands in the way of a lock; exit code 3 when somebody does.")
final class WhyCommand extends CoordinatingCommand {
    @Parameters(arity = "1..*", paramLabel = "PATH", description = "as given to lock")
    private List<String> words = List.of();

    @ArgGroup(exclusive = true)
    private LockCommand.ModeOptions modes = new LockCommand.ModeOptions();

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            LockRequest request = LockWords.typedIn(context.request().directory(), membership.place())
                    .read(words, modes.mode());
            List<LockInfo> blockers = membership.session().locks().explain(request);
            if (isJson()) {
                outJson(context, blockers.stream().map(Views::map).toList());
            } else if (blockers.isEmpty()) {
                context.reply().out("free: " + Views.words(request));
            } else {
                blockers.forEach(blocker -> context.reply().out(Views.line(blocker)));
            }
            return blockers.isEmpty() ? ExitCode.OK : ExitCode.CONFLICT;
        }
    }
}
