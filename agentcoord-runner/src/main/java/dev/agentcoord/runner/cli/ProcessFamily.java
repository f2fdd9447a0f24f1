package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.session.AgentRun;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command and what it has started, so that all of it ends before its lock is free. Thread-safe. */
final class ProcessFamily {
    private final ProcessHandle root;
    private final List<ProcessHandle> descendants = new CopyOnWriteArrayList<>();

    ProcessFamily(ProcessHandle root) {
        this.root = root;
    }

    /** Asks all of them to end. They are found by their parent, so before it goes. */
    void terminate() {
        descendants.addAll(root.descendants().toList());
        root.destroy();
        descendants.forEach(ProcessHandle::destroy);
    }

    /** Returns once those that were asked have ended, by force after a while. */
    void awaitTerminated() throws InterruptedException {
        CompletableFuture<Void> ended = CompletableFuture.allOf(
                descendants.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new));
        try {
            ended.get(AgentRun.GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            descendants.forEach(ProcessHandle::destroyForcibly);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
