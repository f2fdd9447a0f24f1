package dev.agentcoord.runner.cli;

import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.ports.PortLease;
import dev.agentcoord.ports.PortRequest;
import dev.agentcoord.ports.Ports;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.session.HeldCommand;
import dev.agentcoord.runner.session.LeasedPorts;
import dev.agentcoord.runner.session.RunPlan;
import dev.agentcoord.runner.text.Durations;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Leases a port: until its release or the session's end, or while a command runs. */
@picocli.CommandLine.Command(
        name = "lease",
        description = "Leases a free port and prints its number: in a session until 'port release', elsewhere while the"
                + " command after -- runs, which finds it in PORT.")
final class PortLeaseCommand extends CoordinatingCommand {
    private static final String USAGE = "agentcoord port lease NAME -- COMMAND";
    /** One name for all who lease outside a session, so that a port's name alone decides which number they get again. */
    private static final String OUTSIDE = "shell";

    @Parameters(arity = "1", paramLabel = "NAME[=RANGE]", description = "web, web=3000 or web=3000-3999, the default")
    private String word = "";

    @Option(names = "--wait", paramLabel = "TIME", description = "wait up to 30s, 5m, ...; default: do not wait")
    private @Nullable String wait;

    @Option(names = "--reason", paramLabel = "TEXT", description = "shown to everyone it blocks")
    private String reason = "";

    @Override
    boolean stopsAfterLoss() {
        return true;
    }

    @Override
    boolean takesCommand() {
        return true;
    }

    @Override
    int run(Context context) throws IOException, InterruptedException {
        PortRequest wanted = PortWords.read(word).reason(reason);
        Wait budget = wait == null ? Wait.none() : Wait.upTo(Durations.parse(wait));
        if (context.trailing().isPresent()
                && (context.inside().isPresent() || HoldWhile.runner(context).isPresent())) {
            throw Refusal.usage(
                    "inside a session a port is held until its release",
                    "PORT=$(agentcoord port lease " + wanted + ") COMMAND");
        }
        try (Membership membership = join(context)) {
            if (context.trailing().isPresent()) {
                return whileRunning(context, membership, wanted, budget);
            }
            AgentRun run = membership
                    .run()
                    .orElseThrow(
                            () -> Refusal.usage("outside a session a port is held only while a command runs", USAGE));
            PortLease lease = lease(context, membership.session(), wanted, budget);
            if (context.cancellation().isCancelled()) {
                lease.close(); // Nobody heard which port it is.
                return ExitCode.TIMED_OUT;
            }
            run.holdings(context.request()).keep(lease.grant());
            if (isJson()) {
                outJson(context, PortViews.map(lease));
            } else {
                context.reply().out(Integer.toString(lease.number()));
            }
            return ExitCode.OK;
        }
    }

    private static int whileRunning(Context context, Membership membership, PortRequest wanted, Wait budget)
            throws IOException, InterruptedException {
        RunPlan plan = new RunPlan(
                OUTSIDE,
                membership.place(),
                context.request().directory(),
                Program.required(context, USAGE),
                context.environment(),
                Set.of(),
                List.of());
        return HoldWhile.run(plan, membership, context, session -> {
            PortLease lease = lease(context, session, wanted, budget);
            return new HeldCommand.Held(lease.grant(), LeasedPorts.environment(List.of(lease)));
        });
    }

    private static PortLease lease(Context context, Session session, PortRequest wanted, Wait budget)
            throws InterruptedException {
        Ports ports = Ports.of(session);
        PortLease lease = budget.isNone()
                ? LeasedPorts.leaseNow(ports, wanted)
                : context.cancellation().awaitInterruptibly(() -> ports.lease(wanted, budget));
        lease.passedOver()
                .forEach(stranger -> context.reply()
                        .err("agentcoord: passed over port " + stranger.port() + ", which is not leased: " + stranger
                                + " listens"));
        return lease;
    }
}
