package dev.agentcoord.testkit.memory;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.Intervention;
import dev.agentcoord.Item;
import dev.agentcoord.LockFilter;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.LossCause;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.QueueControl;
import dev.agentcoord.QueueStatus;
import dev.agentcoord.Session;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.SessionView;
import dev.agentcoord.SharedState;
import dev.agentcoord.StateEvent;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.TicketId;
import dev.agentcoord.Txn;
import dev.agentcoord.Versioned;
import dev.agentcoord.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The API passed through unchanged, for a test to change one method of. */
final class Forwarding {
    private Forwarding() {}

    abstract static class Coordinating implements Coordinator {
        private final Coordinator to;

        Coordinating(Coordinator to) {
            this.to = to;
        }

        @Override
        public String space() {
            return to.space();
        }

        @Override
        public Session join(Participant participant) {
            return to.join(participant);
        }

        @Override
        public List<SessionView> sessions() {
            return to.sessions();
        }

        @Override
        public Subscription watchSessions(Consumer<List<SessionView>> listener) {
            return to.watchSessions(listener);
        }

        @Override
        public List<Intervention> thefts(int limit) {
            return to.thefts(limit);
        }

        @Override
        public List<LockInfo> locks(LockFilter filter) {
            return to.locks(filter);
        }

        @Override
        public void close() {
            to.close();
        }
    }

    abstract static class Joined implements Session {
        private final Session to;

        Joined(Session to) {
            this.to = to;
        }

        @Override
        public SessionInfo info() {
            return to.info();
        }

        @Override
        public SessionStatus status() {
            return to.status();
        }

        @Override
        public Duration safeFor() {
            return to.safeFor();
        }

        @Override
        public Locks locks() {
            return to.locks();
        }

        @Override
        public TaskQueue queue(String name) {
            return to.queue(name);
        }

        @Override
        public SharedState state() {
            return to.state();
        }

        @Override
        public Subscription onStatus(Consumer<SessionStatus> listener) {
            return to.onStatus(listener);
        }

        @Override
        public void close() {
            to.close();
        }
    }

    abstract static class Locking implements Locks {
        private final Locks to;

        Locking(Locks to) {
            this.to = to;
        }

        @Override
        public Grant acquire(LockRequest request, Wait wait) throws InterruptedException {
            return to.acquire(request, wait);
        }

        @Override
        public Optional<Grant> tryAcquire(LockRequest request) {
            return to.tryAcquire(request);
        }

        @Override
        public CompletableFuture<Grant> acquireAsync(LockRequest request, Wait wait) {
            return to.acquireAsync(request, wait);
        }

        @Override
        public List<LockInfo> explain(LockRequest request) {
            return to.explain(request);
        }

        @Override
        public List<LockInfo> explain(TicketId ticket) {
            return to.explain(ticket);
        }

        @Override
        public void steal(TicketId ticket, String reason) {
            to.steal(ticket, reason);
        }

        @Override
        public void requestRelease(TicketId ticket, String reason) {
            to.requestRelease(ticket, reason);
        }

        @Override
        public Subscription onReleaseRequested(Consumer<Intervention> listener) {
            return to.onReleaseRequested(listener);
        }
    }

    abstract static class Granted implements Grant {
        private final Grant to;

        Granted(Grant to) {
            this.to = to;
        }

        @Override
        public LockRequest request() {
            return to.request();
        }

        @Override
        public FencingToken token() {
            return to.token();
        }

        @Override
        public List<FencingToken> tokens() {
            return to.tokens();
        }

        @Override
        public FencingToken token(Item item) {
            return to.token(item);
        }

        @Override
        public void check() {
            to.check();
        }

        @Override
        public void verify() {
            to.verify();
        }

        @Override
        public void onLost(Consumer<LossCause> listener) {
            to.onLost(listener);
        }

        @Override
        public Optional<Intervention> theft() {
            return to.theft();
        }

        @Override
        public void release() {
            to.release();
        }

        @Override
        public void close() {
            to.close();
        }
    }

    abstract static class Queueing implements TaskQueue {
        private final TaskQueue to;

        Queueing(TaskQueue to) {
            this.to = to;
        }

        @Override
        public String name() {
            return to.name();
        }

        @Override
        public List<TaskInfo> enqueueAll(List<NewTask> tasks) {
            return to.enqueueAll(tasks);
        }

        @Override
        public Optional<Claim> tryClaim() {
            return to.tryClaim();
        }

        @Override
        public Claim claim(Wait wait) throws InterruptedException {
            return to.claim(wait);
        }

        @Override
        public Optional<TaskInfo> find(TaskId id) {
            return to.find(id);
        }

        @Override
        public List<TaskAttempt> history(TaskId id) {
            return to.history(id);
        }

        @Override
        public TaskPage list(TaskState state, String cursor, int limit) {
            return to.list(state, cursor, limit);
        }

        @Override
        public QueueStatus status() {
            return to.status();
        }

        @Override
        public QueueControl control() {
            return to.control();
        }
    }

    abstract static class Stating implements SharedState {
        private final SharedState to;

        Stating(SharedState to) {
            this.to = to;
        }

        @Override
        public Optional<Versioned> get(String key) {
            return to.get(key);
        }

        @Override
        public List<Versioned> list(String prefix, String after, int limit) {
            return to.list(prefix, after, limit);
        }

        @Override
        public long put(String key, byte[] value) {
            return to.put(key, value);
        }

        @Override
        public OptionalLong putIfAbsent(String key, byte[] value) {
            return to.putIfAbsent(key, value);
        }

        @Override
        public OptionalLong compareAndSet(String key, long revision, byte[] value) {
            return to.compareAndSet(key, revision, value);
        }

        @Override
        public boolean delete(String key, long revision) {
            return to.delete(key, revision);
        }

        @Override
        public long putEphemeral(String key, byte[] value) {
            return to.putEphemeral(key, value);
        }

        @Override
        public Txn txn() {
            return to.txn();
        }

        @Override
        public Subscription watch(String prefix, Consumer<StateEvent> listener) {
            return to.watch(prefix, listener);
        }

        @Override
        public SharedState linearizable() {
            return to.linearizable();
        }
    }
}
