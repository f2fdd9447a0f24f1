package dev.agentcoord.runner.cli;

import dev.agentcoord.Grant;
import dev.agentcoord.Intervention;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.Session;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.control.ControlClient;
import dev.agentcoord.runner.control.Reply;
import dev.agentcoord.runner.session.HeldCommand;
import dev.agentcoord.runner.session.RunPlan;
import dev.agentcoord.runner.session.SignalledEnd;
import dev.agentcoord.runner.session.TiedCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The form {@code lock PATH… -- COMMAND}: by a session of its own, or inside an agent's session by that one. */
final class HoldWhile {
    private static final long RELEASE_SECONDS = 10;

    private HoldWhile() {}

    /** Holds the request in a session of its own while the command runs; its exit status. */
    static int outside(LockCommand lock, LockRequest request, Membership membership, Context context)
            throws IOException, InterruptedException {
        RunPlan plan = new RunPlan(
                "lock-" + ProcessHandle.current().pid(),
                membership.place(),
                context.request().directory(),
                Program.required(context, LockCommand.USAGE),
                context.environment(),
                Set.of(),
                List.of());
        return run(plan, membership, context, session -> {
            Grant grant = lock.acquire(context, membership.coordinator(), session, request);
            return new HeldCommand.Held(grant, Map.of());
        });
    }

    /** Runs a command under a grant of a session of its own: nobody else would tell what becomes of that. */
    static int run(RunPlan plan, Membership membership, Context context, HeldCommand.Acquisition acquisition)
            throws IOException, InterruptedException {
        return HeldCommand.run(
                plan,
                membership.coordinator(),
                session -> {
                    HeldCommand.Held held = acquisition.acquire(session);
                    listen(session, held.grant(), context);
                    return held;
                },
                warning -> {
                    context.reply().err(Refusal.line(String.valueOf(warning.getMessage()), warning.next()));
                    context.reply().flush();
                });
    }

    private static void listen(Session session, Grant grant, Context context) {
        grant.onLost(cause -> sayLost(context, grant, cause));
        session.locks().onReleaseRequested(question -> sayAsked(context, grant, question));
    }

    /** At once, not when the command ends: by then the next one may have written for long. */
    private static void sayLost(Context context, Grant grant, LossCause cause) {
        context.reply()
                .err("agentcoord: lost " + Views.words(grant.request()) + " (" + cause
                        + ") while the command runs: it should stop writing now. Next: agentcoord thefts");
        context.reply().flush();
    }

    /** Nothing else of this session will ever be typed, so this is the only place to say it. */
    private static void sayAsked(Context context, Grant grant, Intervention question) {
        context.reply()
                .err("agentcoord: asked to release " + Views.words(grant.request()) + " (" + question
                        + ") while the command runs. Next: let it end, or end it");
        context.reply().flush();
    }

    /** The runner's socket when this process belongs to an agent's session. */
    static Optional<Path> runner(Context context) {
        return Optional.ofNullable(context.environment().get("AGENTCOORD_SOCK"))
                .filter(socket -> context.inside().isEmpty() && !socket.isEmpty())
                .map(Path::of);
    }

    /** Lets the agent's runner hold it as long as this process is connected, and runs the command meanwhile; its exit status. */
    static int inside(Path runner, Context context) throws IOException, InterruptedException {
        List<String> command = Program.required(context, LockCommand.USAGE);
        List<String> words = new ArrayList<>(context.request().arguments());
        words.subList(words.indexOf("--"), words.size()).clear();
        TiedCommand tied = TiedCommand.create(runner);
        words.add(LockCommand.WHILE_CONNECTED + "=" + tied.id());
        HeldReply reply = new HeldReply(context.reply());
        try (ControlClient client = connect(runner)) {
            Thread thread =
                    new Thread(() -> reply.relay(client, context.request().directory(), words), "relay");
            thread.setDaemon(true);
            thread.start();
            Optional<Integer> refused = reply.outcome.get();
            if (refused.isPresent()) {
                return refused.get();
            }
            Process process = tied.builder(command)
                    .directory(context.request().directory().toFile())
                    .inheritIO()
                    .start();
            ProcessFamily family = new ProcessFamily(process.toHandle());
            SignalledEnd signalled = SignalledEnd.watch(family::terminate);
            try {
                int status = process.waitFor();
                family.awaitTerminated();
                tied.ended();
                reply.over = true;
                client.endInput();
                int end = reply.end.get(RELEASE_SECONDS, TimeUnit.SECONDS);
                return end == ExitCode.OK ? status : end;
            } finally {
                signalled.close();
            }
        } catch (ExecutionException e) {
            throw gone();
        } catch (TimeoutException e) {
            throw Refusal.failed(
                    "the command has ended, and the runner of this session has not released its lock",
                    "agentcoord locks --mine");
        }
    }

    private static ControlClient connect(Path runner) {
        try {
            return ControlClient.connect(runner);
        } catch (IOException e) {
            throw gone();
        }
    }

    private static Refusal gone() {
        return Refusal.relayed(
                ExitCode.LOST,
                Refusal.line(
                        "the runner of this session is gone and its locks are lost: stop editing",
                        "env -u AGENTCOORD_SOCK agentcoord ls"));
    }

    /** Waits for the line that says it is held; passes on what is said before. */
    private static final class HeldReply implements Reply {
        private final Reply next;
        /** Empty when held, else the exit code of the refusal. */
        private final CompletableFuture<Optional<Integer>> outcome = new CompletableFuture<>();
        /** The exit code with which the runner ended the hold by itself: the lock was lost. */
        private final CompletableFuture<Integer> end = new CompletableFuture<>();
        /** Whether the command has ended. */
        private volatile boolean over;

        HeldReply(Reply next) {
            this.next = next;
        }

        void relay(ControlClient client, Path directory, List<String> words) {
            try {
                int code = client.call(directory, words, this);
                end.complete(code);
                outcome.complete(Optional.of(code));
            } catch (IOException | RuntimeException e) {
                // Whatever broke, nobody holds the lock for the command any more.
                if (!outcome.completeExceptionally(e) && !over) {
                    Refusal gone = gone();
                    next.err(Refusal.line(String.valueOf(gone.getMessage()), gone.next()));
                    next.flush();
                }
                end.complete(ExitCode.LOST);
            }
        }

        @Override
        public void out(String line) {
            outcome.complete(Optional.empty());
        }

        @Override
        public void err(String line) {
            next.err(line);
        }

        @Override
        public void raw(byte[] bytes) {
            next.raw(bytes);
        }

        @Override
        public void flush() {
            next.flush();
        }
    }
}
