package dev.agentcoord.runner.cli;

import dev.agentcoord.Versioned;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists keys. */
@picocli.CommandLine.Command(
        name = "ls",
        description = "Lists keys with their revisions; with --json their values too.")
final class StateListCommand extends CoordinatingCommand {
    @Parameters(arity = "0..1", paramLabel = "PREFIX")
    private String prefix = "";

    @Option(names = "--after", paramLabel = "KEY", description = "go on after this key")
    private String after = "";

    @Option(names = "--limit", paramLabel = "N", description = "at most so many; default: ${DEFAULT-VALUE}")
    private int limit = 1_000;

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            List<Versioned> values = membership.session().state().list(prefix, after, limit);
            outList(
                    context,
                    values,
                    Views::map,
                    value -> value.revision() + "  " + value.key(),
                    "there is no such key");
            return ExitCode.OK;
        }
    }
}
