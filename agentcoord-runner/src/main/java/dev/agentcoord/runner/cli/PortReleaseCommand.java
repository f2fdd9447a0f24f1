package dev.agentcoord.runner.cli;

import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Pool;
import dev.agentcoord.SessionId;
import dev.agentcoord.ports.PortInfo;
import dev.agentcoord.ports.Ports;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.AgentRun;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** Gives up ports of the session. */
@picocli.CommandLine.Command(name = "release", description = "Gives up ports that this session leased.")
final class PortReleaseCommand extends CoordinatingCommand {
    @Parameters(arity = "1..*", paramLabel = "NAME|NUMBER", description = "as given to 'port lease', or as it printed")
    private List<String> words = List.of();

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            AgentRun run = membership
                    .run()
                    .orElseThrow(() -> Refusal.usage("outside a session no port is held", "agentcoord port list"));
            SessionId me = membership.session().info().id();
            List<PortInfo> leased = Ports.of(membership.session()).list(membership.coordinator()).stream()
                    .filter(port -> port.isLeasedBy(me))
                    .toList();
            LockRequest all = LockRequest.empty();
            for (String word : words) {
                for (Pool pool : permits(word, leased)) {
                    all = all.permits().containsKey(pool) ? all : all.andPermits(pool, 1);
                }
            }
            run.holdings(context.request()).release(all);
            answer(context);
            return ExitCode.OK;
        }
    }

    private static List<Pool> permits(String word, List<PortInfo> leased) {
        List<LockInfo> named = leased.stream()
                .filter(port -> word.equals(port.name()) || word.equals(Integer.toString(port.number())))
                .flatMap(port -> port.lease().stream())
                .toList();
        if (named.isEmpty()) {
            throw Refusal.failed(
                    "this session leases no port '" + word + "', nothing was released", "agentcoord port list --mine");
        }
        return named.stream()
                .flatMap(lock -> lock.request().permits().keySet().stream())
                .toList();
    }

    private void answer(Context context) {
        String text = "released " + String.join(" ", words);
        if (isJson()) {
            outJson(context, Map.of("result", text));
        } else {
            context.reply().out(text);
        }
    }
}
