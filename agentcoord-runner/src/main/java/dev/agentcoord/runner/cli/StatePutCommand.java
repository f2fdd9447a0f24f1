package dev.agentcoord.runner.cli;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Txn;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Write;
import dev.agentcoord.runner.Refusal;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a value, whatever was there. */
@picocli.CommandLine.Command(name = "put", description = "Writes a value and prints its revision.")
final class StatePutCommand extends CoordinatingCommand {
    @Parameters(index = "0", paramLabel = "KEY")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "- reads standard input")
    private String value = "";

    @Option(names = "--ephemeral", description = "remove it when the session ends")
    private boolean ephemeral;

    @Option(
            names = "--held",
            paramLabel = "TOKEN",
            description = "only while the lock with that token is held, else exit code 3")
    private @Nullable String held;

    @Override
    int run(Context context) throws IOException {
        try (Membership membership = join(context)) {
            if (ephemeral && membership.run().isEmpty()) {
                throw Refusal.usage(
                        "outside a session an ephemeral value would be gone with this command",
                        "agentcoord state put KEY VALUE");
            }
            byte[] bytes = context.value(value);
            Write write = ephemeral ? Write.ephemeral(key, bytes) : Write.put(key, bytes);
            Txn txn = membership.session().state().txn().then(write);
            if (held != null) {
                txn = txn.when(Condition.requireHeld(FencingToken.parse(held)));
            }
            TxnResult result = txn.commit();
            if (!result.committed()) {
                throw Refusal.conflict(
                        "the lock with token " + held + " is not held, nothing was written",
                        "agentcoord locks --mine --json");
            }
            long revision = result.revision();
            if (isJson()) {
                outJson(context, Map.of("key", key, "revision", revision));
            } else {
                context.reply().out(Long.toString(revision));
            }
            return ExitCode.OK;
        }
    }
}
