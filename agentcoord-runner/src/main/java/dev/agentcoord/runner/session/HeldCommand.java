package dev.agentcoord.runner.session;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.runner.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs a command in the caller's own terminal while a grant is held. Like an agent it waits at a guard's gate until the session names
 * both processes, and is ended by the guard when this one is killed: it never runs without its lock.
 */
public final class HeldCommand {
    private static final Duration LEFTOVER_GRACE = Duration.ofMillis(500);
    private static final long GUARD_SECONDS = 10;
    private static final int KILLED = 137;

    private HeldCommand() {}

    /**
     * What is held while the command runs.
     *
     * @param grant the lock
     * @param variables what the command finds in its environment about it
     */
    public record Held(Grant grant, Map<String, String> variables) {}

    /** Takes the grant of a session that was made for one command; what it throws ends the command before it has begun. */
    @FunctionalInterface
    public interface Acquisition {
        /** Waits for it as long as the caller wants to. */
        Held acquire(Session session) throws InterruptedException;
    }

    /**
     * Acquires, runs the plan's command, releases, and returns the command's exit status. The warning tells of processes that belong to
     * somebody else, such as root, and go on.
     */
    public static int run(RunPlan plan, Coordinator coordinator, Acquisition acquisition, Consumer<Refusal> warning)
            throws IOException, InterruptedException {
        RuntimeDirectory runtime = RuntimeDirectory.create(plan.environment());
        try (Guard guard = Guard.listen(runtime.guardSocket())) {
            Process process = start(plan, runtime);
            guard.watched().get(GUARD_SECONDS, TimeUnit.SECONDS);
            try (Session session = coordinator.join(participant(plan, process))) {
                String id = session.info().id().text();
                ProcessTree tree = ProcessTree.ofSession(id, runtime.id(), process.pid());
                Held held = acquisition.acquire(session);
                SignalledEnd signalled = SignalledEnd.watch(() -> end(tree, AgentRun.GRACE, warning));
                try (Grant grant = held.grant()) {
                    grant.check();
                    GuardScript.export(runtime, held.variables());
                    guard.open(id);
                    int status = ended(guard, process).get();
                    end(tree, LEFTOVER_GRACE, warning);
                    return status;
                } finally {
                    signalled.close(); // The lock is free by now.
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            throw Refusal.failed("the guard of the command did not start", "agentcoord doctor");
        } finally {
            runtime.delete();
        }
    }

    private static void end(ProcessTree tree, Duration grace, Consumer<Refusal> warning) throws InterruptedException {
        Set<Long> spared = tree.end(grace);
        if (!spared.isEmpty()) {
            warning.accept(Spared.refusal("processes of the command", spared));
        }
    }

    private static Process start(RunPlan plan, RuntimeDirectory runtime) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(GuardScript.install(runtime, plan.command()))
                .directory(plan.directory().toFile())
                .inheritIO();
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(plan.environment());
        environment.put(ProcessTree.GUARD, runtime.id());
        return builder.start();
    }

    private static Participant participant(RunPlan plan, Process process) {
        return Participant.named(plan.agent())
                .processes(Proc.find(process.pid())
                        .map(entry -> List.of(entry.id()))
                        .orElse(List.of()));
    }

    private static CompletableFuture<Integer> ended(Guard guard, Process process) {
        return guard.ended().applyToEither(process.onExit().thenApply(gone -> KILLED), status -> status);
    }
}
