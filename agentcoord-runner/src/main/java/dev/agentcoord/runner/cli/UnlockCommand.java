package dev.agentcoord.runner.cli;

import dev.agentcoord.Mode;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.Holdings;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives up locks of the session. */
@picocli.CommandLine.Command(name = "unlock", description = "Gives up locks that this session took.")
final class UnlockCommand extends CoordinatingCommand {
    @Parameters(arity = "0..*", paramLabel = "PATH", description = "as given to lock")
    private List<String> words = List.of();

    @Option(names = "--all", description = "everything this session locked; exit code 1 when that is nothing")
    private boolean all;

    @Override
    int run(Context context) {
        if (all == !words.isEmpty()) {
            throw Refusal.usage(
                    "unlock needs either paths or --all", "agentcoord unlock PATH... | agentcoord unlock --all");
        }
        try (Membership membership = join(context)) {
            Holdings holdings = membership
                    .run()
                    .orElseThrow(() -> Refusal.usage("outside a session nothing is held", "agentcoord locks"))
                    .holdings(context.request());
            if (all) {
                if (holdings.releaseAll() == 0) {
                    throw Refusal.failed(
                            "this session holds no lock, so nothing was released", "agentcoord locks --mine");
                }
                answer(context, "unlocked all");
                return ExitCode.OK;
            }
            holdings.release(LockWords.typedIn(context.request().directory(), membership.place())
                    .read(words, Mode.EXCLUSIVE));
            answer(context, "unlocked " + String.join(" ", words));
            return ExitCode.OK;
        }
    }

    private void answer(Context context, String text) {
        if (isJson()) {
            outJson(context, java.util.Map.of("result", text));
        } else {
            context.reply().out(text);
        }
    }
}
