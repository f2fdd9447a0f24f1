package dev.agentcoord.runner.cli;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.Session;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.Wait;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.control.Cancellation;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.session.TiedCommand;
import dev.agentcoord.runner.text.Durations;
import dev.agentcoord.runner.text.ShellQuote;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes all that is named at once: until {@code unlock} or the session's end, or while a command runs. */
@picocli.CommandLine.Command(
        name = "lock",
        description =
                "Takes all locks at once or none: in a session until 'unlock', elsewhere while the command after -- runs.")
final class LockCommand extends CoordinatingCommand {
    /** Between this program and a runner: hold it as long as the connection stands, and end the command of that id with it. */
    static final String WHILE_CONNECTED = "--while-connected";

    private static final Logger LOG = LoggerFactory.getLogger(LockCommand.class);

    static final String USAGE = "agentcoord lock PATH... -- COMMAND";

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "FILE, DIR/, glob:PATTERN, name:KEY or pool:NAME/CAPACITY")
    private List<String> words = List.of();

    @ArgGroup(exclusive = true)
    private ModeOptions modes = new ModeOptions();

    @Option(names = "--wait", paramLabel = "TIME", description = "wait up to 30s, 5m, ...; default: do not wait")
    private @Nullable String wait;

    @Option(names = "--reason", paramLabel = "TEXT", description = "shown to everyone it blocks")
    private String reason = "";

    @Option(
            names = "--task",
            paramLabel = "ID",
            description = "for this task, which the session claimed: goes along when the task is handed off")
    private @Nullable String task;

    @Option(names = "--queue", paramLabel = "NAME", description = "of --task; only needed when two queues have that id")
    private @Nullable String queue;

    @Option(
            names = {"-q", "--quiet"},
            description = "print nothing unless it fails")
    private boolean quiet;

    @Option(names = WHILE_CONNECTED, hidden = true)
    private @Nullable String whileConnected;

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
        Optional<Path> runner = HoldWhile.runner(context);
        if (context.trailing().isPresent() && runner.isPresent()) {
            return HoldWhile.inside(runner.get(), context);
        }
        try (Membership membership = join(context)) {
            LockRequest request = LockWords.typedIn(context.request().directory(), membership.place())
                    .read(words, modes.mode())
                    .reason(reason);
            if (task != null) {
                request = request.under(QueueCommand.holdings(membership)
                        .claim(task, Optional.ofNullable(queue), membership.session()));
            }
            if (context.trailing().isPresent()) {
                return HoldWhile.outside(this, request, membership, context);
            }
            AgentRun run = membership.run().orElseThrow(LockCommand::nothingHolds);
            Grant grant = acquire(context, membership.coordinator(), membership.session(), request);
            return whileConnected == null
                    ? keep(context, run, grant)
                    : holdWhileConnected(context, grant, TiedCommand.of(run, whileConnected));
        }
    }

    private int keep(Context context, AgentRun run, Grant grant) {
        if (context.cancellation().isCancelled()) {
            grant.close(); // Nobody heard that it was granted.
            return ExitCode.TIMED_OUT;
        }
        run.holdings(context.request()).keep(grant);
        answer(context, grant);
        return ExitCode.OK;
    }

    private static int holdWhileConnected(Context context, Grant grant, TiedCommand command)
            throws IOException, InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        try (grant) {
            command.allow();
            context.reply().out("held");
            context.reply().flush();
            grant.onLost(cause -> gone.countDown());
            context.cancellation().onInputEnd(gone::countDown);
            context.cancellation()
                    .await(
                            () -> {
                                gone.await();
                                return gone;
                            },
                            gone::countDown);
            if (!context.cancellation().isCancelled()) {
                grant.check();
            } else if (!command.end().isEmpty()) {
                LOG.warn("processes started under {} belong to somebody else and go on", grant.request());
            }
        }
        return ExitCode.OK;
    }

    Grant acquire(Context context, Coordinator coordinator, Session session, LockRequest request)
            throws InterruptedException {
        Wait budget = budget();
        Grant grant = session.locks().tryAcquire(request).orElse(null);
        if (grant != null) {
            return grant;
        }
        if (budget.isNone() && session.status() == SessionStatus.SUSPENDED) {
            throw Refusal.failed("nothing can be granted: the store has not answered for a while", "agentcoord doctor");
        }
        List<LockView> blockers = LockView.of(coordinator, session.locks().explain(request));
        if (budget.isNone()) {
            throw conflict(context, request, blockers);
        }
        if (!quiet && !isJson()) {
            blockers.forEach(blocker -> context.reply().err("waiting for " + Views.line(blocker)));
            context.reply().flush();
        }
        return await(session.locks().acquireAsync(request, budget), context.cancellation());
    }

    private static Grant await(CompletableFuture<Grant> pending, Cancellation cancellation)
            throws InterruptedException {
        return cancellation.await(() -> get(pending), () -> pending.cancel(true));
    }

    private static Grant get(CompletableFuture<Grant> pending) throws InterruptedException {
        try {
            return pending.get();
        } catch (CancellationException e) {
            throw new InterruptedException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Refusal conflict(Context context, LockRequest request, List<LockView> blockers) {
        if (blockers.isEmpty()) {
            return Refusal.conflict(Views.words(request) + " was taken a moment ago", "the same command again");
        }
        if (!isJson()) {
            blockers.stream().skip(1).forEach(blocker -> context.reply().err("  also " + Views.line(blocker)));
        }
        Refusal refusal = Refusal.conflict(
                "not locked, in the way: " + Views.line(blockers.get(0)),
                "agentcoord lock --wait 5m "
                        + String.join(
                                " ",
                                context.request().arguments().stream()
                                        .skip(1)
                                        .filter(word -> !word.startsWith(WHILE_CONNECTED))
                                        .map(ShellQuote::word)
                                        .toList())
                        + (whileConnected == null ? "" : " -- COMMAND"));
        return refusal.with("locks", blockers.stream().map(Views::map).toList());
    }

    private static Refusal nothingHolds() {
        return Refusal.usage("outside a session a lock is held only while a command runs", USAGE);
    }

    private Wait budget() {
        return wait == null ? Wait.none() : Wait.upTo(Durations.parse(wait));
    }

    private void answer(Context context, Grant grant) {
        if (isJson()) {
            Map<String, Object> map = new LinkedHashMap<>(Views.map(grant.request()));
            Map<String, Object> tokens = new LinkedHashMap<>();
            grant.request().items().keySet().forEach(item -> tokens.put(item.toString(), grant.token(item)));
            map.put("tokens", tokens);
            outJson(context, map);
        } else if (!quiet) {
            context.reply().out("locked " + Views.words(grant.request()));
        }
    }

    /** The two ways to ask. */
    static final class ModeOptions {
        @Option(names = "--shared", description = "together with other readers")
        private boolean shared;

        @Option(names = "--exclusive", description = "alone; the default")
        private boolean exclusive;

        Mode mode() {
            return shared && !exclusive ? Mode.SHARED : Mode.EXCLUSIVE;
        }
    }
}
