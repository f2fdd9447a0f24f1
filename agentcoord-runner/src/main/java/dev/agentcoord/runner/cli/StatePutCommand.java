package dev.agentcoord.runner.cli;

import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** Writes a value, whatever was there. */
@picocli.CommandLine.Command(name = "put", description = "Writes a value and prints its revision.")
final class StatePutCommand extends CoordinatingCommand {
    @Parameters(index = "0", paramLabel = "KEY")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "- reads standard input")
    private String value = "";

    @Override
    int run(Context context) throws IOException {
        try (Membership membership = join(context)) {
            long revision = membership.session().state().put(key, context.value(value));
            if (isJson()) {
                outJson(context, Map.of("key", key, "revision", revision));
            } else {
                context.reply().out(Long.toString(revision));
            }
            return ExitCode.OK;
        }
    }
}
