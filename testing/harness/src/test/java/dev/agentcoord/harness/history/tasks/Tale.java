package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.FencingToken;
import dev.agentcoord.TaskState;
import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells what happened in one queue, at small made-up times in milliseconds; each call takes one. */
final class Tale {
    static final int MAX_ATTEMPTS = 3;

    private static final long MILLI = 1_000_000;
    private static final String QUEUE = "q";

    private final Map<String, TaskSpec> specs = new HashMap<>();
    private final Map<String, List<Finish>> finishes = new HashMap<>();
    private final Map<String, Call> closes = new HashMap<>();
    private final List<Enqueue> enqueues = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<FruitlessClaim> fruitless = new ArrayList<>();
    private final List<Remains> remains = new ArrayList<>();
    private final Map<String, Integer> depths = new HashMap<>();

    static Life alive(String name) {
        return Life.ended(name);
    }

    static Life killed(String name, long at) {
        return Life.killed(name, at * MILLI, (at + 1) * MILLI);
    }

    Tale task(String id, int priority) {
        return task(id, priority, 0, null);
    }

    Tale task(String id, int priority, long delay, @Nullable String key) {
        specs.put(id, new TaskSpec(QUEUE, id, priority, MAX_ATTEMPTS, delay * MILLI, Optional.ofNullable(key)));
        return this;
    }

    Tale enqueued(String id, long at) {
        return enqueued(id, call(at, Outcome.OK));
    }

    Tale enqueuedPerhaps(String id, long at) {
        return enqueued(id, Call.unanswered(at * MILLI));
    }

    private Tale enqueued(String id, Call call) {
        specs.putIfAbsent(id, new TaskSpec(QUEUE, id, 5, MAX_ATTEMPTS, 0, Optional.empty()));
        enqueues.add(new Enqueue(alive("producer"), call, specs.get(id)));
        return this;
    }

    /** A delivery; what its claimer does with it is told before. */
    Tale claimed(Life life, String id, int number, int attempt, long at) {
        return claimed(life, id, number, attempt, at, 7);
    }

    Tale claimed(Life life, String id, int number, int attempt, long at, int position) {
        deliveries.add(new Delivery(
                life,
                call(at, Outcome.OK),
                QUEUE,
                id,
                attempt,
                new FencingToken(1, position, number),
                finishes.getOrDefault(id + number, List.of()),
                closes.get(life.name())));
        return this;
    }

    Tale finishes(String id, int number, Finish.Way way, long at, Outcome outcome) {
        return finishes(id, number, way, at, outcome, 0);
    }

    Tale finishes(String id, int number, Finish.Way way, long at, Outcome outcome, long delay) {
        Call call = outcome == Outcome.UNKNOWN ? Call.unanswered(at * MILLI) : call(at, outcome);
        finishes.computeIfAbsent(id + number, any -> new ArrayList<>())
                .add(new Finish(call, way, delay * MILLI, "text-" + at));
        return this;
    }

    Tale completes(String id, int number, long at) {
        return finishes(id, number, Finish.Way.COMPLETE, at, Outcome.OK);
    }

    Tale closes(Life life, long at) {
        closes.put(life.name(), call(at, Outcome.OK));
        return this;
    }

    Tale findsNothing(long at) {
        fruitless.add(new FruitlessClaim(alive("consumer"), call(at, Outcome.REFUSED), QUEUE));
        return this;
    }

    Tale claimsUnheard(Life life, long at) {
        fruitless.add(new FruitlessClaim(life, Call.unanswered(at * MILLI), QUEUE));
        return this;
    }

    Tale claimFails(Life life, long at) {
        fruitless.add(new FruitlessClaim(life, call(at, Outcome.FAILED), QUEUE));
        return this;
    }

    Tale remains(String id, TaskState state, int attempt, long resultOf) {
        remains.add(new Remains(QUEUE, id, Optional.of(state), attempt, "text-" + resultOf));
        return this;
    }

    Tale isGone(String id) {
        remains.add(new Remains(QUEUE, id, Optional.empty(), 0, ""));
        return this;
    }

    Tale depth(int depth) {
        depths.put(QUEUE, depth);
        return this;
    }

    List<Kind> kinds() {
        return kinds(QueuePromise.strict());
    }

    List<Kind> kinds(QueuePromise promise) {
        TaskHistory history = new TaskHistory(enqueues, deliveries, fruitless, remains, depths);
        return QueueChecker.check(history, promise).stream()
                .map(Violation::kind)
                .toList();
    }

    private static Call call(long at, Outcome outcome) {
        return new Call(at * MILLI, (at + 1) * MILLI, outcome);
    }
}
