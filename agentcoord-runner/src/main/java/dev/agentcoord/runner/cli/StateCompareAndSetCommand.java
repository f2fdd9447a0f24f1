package dev.agentcoord.runner.cli;

import dev.agentcoord.SharedState;
import dev.agentcoord.runner.Refusal;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine.Parameters;

/** Writes a value only over the revision its writer has seen. */
@picocli.CommandLine.Command(
        name = "cas",
        description =
                "Writes a value if the key is still at a revision (0: absent) and prints the new one; exit code 3 if not.")
final class StateCompareAndSetCommand extends CoordinatingCommand {
    @Parameters(index = "0", paramLabel = "KEY")
    private String key = "";

    @Parameters(index = "1", paramLabel = "REVISION")
    private long revision;

    @Parameters(index = "2", paramLabel = "VALUE", description = "- reads standard input")
    private String value = "";

    @Override
    int run(Context context) throws IOException {
        byte[] bytes = context.value(value);
        try (Membership membership = join(context)) {
            SharedState state = membership.session().state();
            OptionalLong written =
                    revision == 0 ? state.putIfAbsent(key, bytes) : state.compareAndSet(key, revision, bytes);
            long now = written.orElseThrow(() -> Refusal.conflict(
                    "'" + key + "' is not at revision " + revision, "agentcoord state get --json " + key));
            if (isJson()) {
                outJson(context, Map.of("key", key, "revision", now));
            } else {
                context.reply().out(Long.toString(now));
            }
            return ExitCode.OK;
        }
    }
}
