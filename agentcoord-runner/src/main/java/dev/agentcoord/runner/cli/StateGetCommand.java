package dev.agentcoord.runner.cli;

import dev.agentcoord.Versioned;
import dev.agentcoord.runner.Refusal;
import picocli.CommandLine.Parameters;

/** Prints a value. */
@picocli.CommandLine.Command(
        name = "get",
        description = "Prints a value as it was written; with --json its revision too.")
final class StateGetCommand extends CoordinatingCommand {
    @Parameters(arity = "1", paramLabel = "KEY")
    private String key = "";

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            Versioned value = membership
                    .session()
                    .state()
                    .get(key)
                    .orElseThrow(() -> Refusal.failed("there is no key '" + key + "'", "agentcoord state ls"));
            if (isJson()) {
                outJson(context, Views.map(value));
            } else {
                context.reply().raw(value.value());
            }
            return ExitCode.OK;
        }
    }
}
