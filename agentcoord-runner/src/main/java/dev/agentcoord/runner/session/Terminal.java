package dev.agentcoord.runner.session;

import dev.agentcoord.ProcessId;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.tmux.Pane;
import dev.agentcoord.runner.tmux.Tmux;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A private tmux server with one pane, in which the guard holds the agent at its gate until {@link #letGo}. */
final class Terminal {
    private static final long GUARD_SECONDS = 10;
    private static final long POLL_MILLIS = 250;
    private static final long END_MILLIS = 3_000;
    private static final long END_POLL_MILLIS = 5;
    private final RuntimeDirectory runtime;
    private final Tmux tmux;
    private final Guard guard;
    private final Pane pane;

    private Terminal(RuntimeDirectory runtime, Tmux tmux, Guard guard, Pane pane) {
        this.runtime = runtime;
        this.tmux = tmux;
        this.guard = guard;
        this.pane = pane;
    }

    /** Starts it and returns when the guard watches this process. */
    static Terminal open(RunPlan plan, RuntimeDirectory runtime, Path log) throws IOException, InterruptedException {
        Guard guard = Guard.listen(runtime.guardSocket());
        Tmux tmux = new Tmux(runtime.tmuxSocket());
        try {
            Pane pane = tmux.start(
                    plan.agent(),
                    plan.directory(),
                    AgentEnvironment.of(plan, runtime, log),
                    GuardScript.install(runtime, plan.command()));
            guard.watched().get(GUARD_SECONDS, TimeUnit.SECONDS);
            return new Terminal(runtime, tmux, guard, pane);
        } catch (ExecutionException | TimeoutException e) {
            discard(guard, tmux);
            throw Refusal.failed("the guard in the agent's terminal did not start", "agentcoord doctor");
        } catch (IOException | InterruptedException e) {
            discard(guard, tmux);
            throw e;
        }
    }

    /** Where people find it. */
    String target() {
        return runtime.tmuxSocket().toString();
    }

    /** The process that the session names beside the runner: as long as it lives, the agent may. */
    ProcessId root() {
        return Proc.find(pane.root())
                .map(Proc.Entry::id)
                .orElseThrow(() -> Refusal.failed("the agent's terminal ended at once", "agentcoord doctor"));
    }

    /** All that the agent of that session started. */
    ProcessTree tree(String session) {
        return ProcessTree.ofSession(session, runtime.id(), pane.root());
    }

    /** Lets the agent start, with further variables in its environment. */
    void letGo(String session, Map<String, String> variables) throws IOException {
        GuardScript.export(runtime, variables);
        guard.open(session);
    }

    /** Waits for the agent's end, for the other one if that comes first, or for that of the terminal itself. */
    End awaitEnd(CompletableFuture<End> other) throws InterruptedException {
        CompletableFuture<End> either = guard.ended().thenApply(End::of).applyToEither(other, end -> end);
        while (isAlive(pane.root()) && isAlive(pane.server())) {
            try {
                return either.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Look again whether the guard is still there to tell.
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        return either.getNow(End.killed("its terminal was killed"));
    }

    /** Waits until all output has reached the log. */
    void settle() throws InterruptedException {
        try {
            tmux.settle();
        } catch (IOException e) {
            // Without a server nothing is left to be written.
        }
    }

    /** Ends the guard, the tmux server and the sockets. */
    void close() throws IOException, InterruptedException {
        guard.close();
        awaitRoot();
        tmux.kill();
        awaitLog();
        runtime.delete();
    }

    /** What writes the log is the server's child and carries the guard's mark; it ends when it has written all. */
    private void awaitLog() throws InterruptedException {
        for (long waited = 0; waited < END_MILLIS && Proc.isAnyMarked(ProcessTree.GUARD, runtime.id()); ) {
            TimeUnit.MILLISECONDS.sleep(END_POLL_MILLIS);
            waited += END_POLL_MILLIS;
        }
    }

    private void awaitRoot() throws InterruptedException {
        for (long waited = 0; isAlive(pane.root()) && waited < END_MILLIS; waited += END_POLL_MILLIS) {
            TimeUnit.MILLISECONDS.sleep(END_POLL_MILLIS);
        }
        ProcessHandle.of(pane.root()).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static boolean isAlive(long pid) {
        return Proc.find(pid).filter(entry -> !entry.isZombie()).isPresent();
    }

    private static void discard(Guard guard, Tmux tmux) throws InterruptedException {
        guard.close();
        tmux.kill();
    }
}
