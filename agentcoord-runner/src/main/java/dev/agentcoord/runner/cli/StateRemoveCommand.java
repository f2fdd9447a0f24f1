package dev.agentcoord.runner.cli;

import dev.agentcoord.SharedState;
import dev.agentcoord.runner.Refusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes a value. */
@picocli.CommandLine.Command(name = "rm", description = "Deletes a key; with --revision only if it is still there.")
final class StateRemoveCommand extends CoordinatingCommand {
    @Parameters(arity = "1", paramLabel = "KEY")
    private String key = "";

    @Option(names = "--revision", paramLabel = "N", description = "delete only this revision; default: the present one")
    private @Nullable Long revision;

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            SharedState state = membership.session().state();
            long expected = revision != null ? revision : present(state);
            if (!state.delete(key, expected)) {
                throw Refusal.conflict(
                        "'" + key + "' is not at revision " + expected, "agentcoord state get --json " + key);
            }
            if (isJson()) {
                outJson(context, Map.of("key", key, "deleted", expected));
            } else {
                context.reply().out("deleted " + key);
            }
            return ExitCode.OK;
        }
    }

    private long present(SharedState state) {
        return state.get(key)
                .orElseThrow(() -> Refusal.failed("there is no key '" + key + "'", "agentcoord state ls"))
                .revision();
    }
}
