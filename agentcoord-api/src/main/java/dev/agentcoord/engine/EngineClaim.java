package dev.agentcoord.engine;

import dev.agentcoord.Claim;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Recipient;
import dev.agentcoord.Retry;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.core.queue.RetryRule;
import dev.agentcoord.core.queue.Route;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.TaskStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** One delivery, finished at most once from here; the store has the last word on whether it is still the current one. Thread-safe. */
final class EngineClaim implements Claim {
    private final EngineSession session;
    private final String queue;
    private final TaskStore store;
    private final Delivery delivery;
    private boolean finished;

    EngineClaim(EngineSession session, String queue, TaskStore store, Delivery delivery) {
        this.session = session;
        this.queue = queue;
        this.store = store;
        this.delivery = delivery;
    }

    /** As which the task has its locks. */
    Owner owner() {
        return Owner.task(queue, task().id());
    }

    /** The locks that came with the task. */
    List<Ticket> inherited() {
        return delivery.locks();
    }

    @Override
    public String queue() {
        return queue;
    }

    @Override
    public TaskInfo task() {
        return delivery.task();
    }

    @Override
    public FencingToken token() {
        return delivery.token();
    }

    @Override
    public void complete(String result) {
        finish(new Ending.Done(text("result", result)));
    }

    @Override
    public void fail(String cause, Retry retry) {
        double spread = ThreadLocalRandom.current().nextDouble();
        TaskInfo task = task();
        finish(RetryRule.afterFailure(task.attempt(), task.maxAttempts(), text("cause", cause), retry, spread));
    }

    @Override
    public void release(Duration delay) {
        finish(new Ending.Again(Limits.delay(delay), "", false));
    }

    @Override
    public List<Grant> grants() {
        session.settle();
        return session.holdings().of(owner());
    }

    @Override
    public void bind(Grant grant) {
        bind(List.of(grant));
    }

    @Override
    public synchronized void bind(List<Grant> grants) {
        requireCurrent();
        bindAll(grants);
        session.awaitDelivered();
    }

    /** Looks at all of them before it changes anything. */
    private void bindAll(List<Grant> grants) {
        Set<Holding> unbound = new LinkedHashSet<>();
        for (Grant grant : grants) {
            if (!(grant instanceof HeldGrant held) || !held.isOf(session)) {
                throw new InvalidRequestException(
                        grant.request(), "only a grant of the claim's own session can be bound; nothing was");
            }
            held.ensureHeld();
            held.holdings().stream()
                    .filter(part -> !part.ticket().owner().equals(owner()))
                    .forEach(unbound::add);
        }
        unbound.forEach(EngineClaim::requireOfSession);
        // The latest first, so that none that is still the session's has a task's in its way.
        List<Holding> parts = unbound.stream()
                .sorted(Comparator.comparing(Holding::ticket).reversed())
                .toList();
        session.ownRequests().give(parts.stream().map(this::bound).toList(), () -> parts.forEach(this::bind));
    }

    private Ticket bound(Holding part) {
        return part.ticket().of(owner(), token().generation());
    }

    private static void requireOfSession(Holding part) {
        if (part.ticket().owner().kind() == Owner.Kind.TASK) {
            throw new InvalidRequestException(
                    part.ticket().wants(),
                    part.ticket().wants() + " belongs to task "
                            + part.ticket().owner().id() + "; finish that claim first");
        }
    }

    private void bind(Holding part) {
        Ticket bound = session.tickets().bind(part.ticket(), this);
        session.ownRequests().end(part.ticket());
        session.holdings().rebind(part, bound, bound.token(token().incarnation()));
    }

    @Override
    public void handoff(Recipient to, String note) {
        handoff(to, note, List.of());
    }

    @Override
    public synchronized void handoff(Recipient to, String note, List<Grant> grants) {
        Ending ending = new Ending.HandedOff(route(to), text("note", note));
        requireCurrent();
        bindAll(grants);
        finish(ending);
    }

    private static Route route(Recipient to) {
        return new Route(to.agent().orElse(""), to.capabilities());
    }

    /** Finished only once the store has said so: after an outage the caller may try again. */
    private synchronized void finish(Ending ending) {
        requireCurrent();
        if (!ending.isEnd()) {
            // Where several were to be bound an outage may have come in between.
            session.ownRequests().refuseToPart(locks());
        }
        session.holdings().beginEnd(owner());
        try {
            store.finish(delivery, ending);
            finished = true;
        } catch (StaleClaimException e) {
            session.forget(this);
            throw e;
        } finally {
            session.holdings().endOf(owner(), finished);
        }
        session.forget(this);
        session.awaitDelivered();
    }

    private List<Ticket> locks() {
        return session.holdings().of(owner()).stream()
                .flatMap(grant -> ((HeldGrant) grant).holdings().stream())
                .map(Holding::ticket)
                .filter(ticket -> ticket.owner().equals(owner()))
                .distinct()
                .toList();
    }

    private void requireCurrent() {
        session.findLosses();
        if (finished || session.life().hasEnded()) {
            throw new StaleClaimException(
                    delivery.task(),
                    "nothing was changed: the claim on task " + task().id()
                            + (finished
                                    ? " was finished before; claim another task"
                                    : " ended with its session; join again, then claim"));
        }
    }

    @Override
    public String toString() {
        return "claim of task " + task().id() + " of '" + queue + "', delivery " + delivery.number();
    }

    private static String text(String what, String text) {
        Limits.value("the " + what + " of a task", text.getBytes(StandardCharsets.UTF_8));
        return text;
    }
}
