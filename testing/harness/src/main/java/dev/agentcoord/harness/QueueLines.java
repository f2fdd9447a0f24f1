package dev.agentcoord.harness;

import dev.agentcoord.FencingToken;
import dev.agentcoord.TaskState;
import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import dev.agentcoord.harness.history.tasks.Delivery;
import dev.agentcoord.harness.history.tasks.Enqueue;
import dev.agentcoord.harness.history.tasks.Finish;
import dev.agentcoord.harness.history.tasks.FruitlessClaim;
import dev.agentcoord.harness.history.tasks.Remains;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes calls on queues of what one life wrote about them. */
final class QueueLines {
    private final Life life;
    private final Tasks tasks;
    private final List<Enqueue> enqueues = new ArrayList<>();
    private final List<FruitlessClaim> fruitless = new ArrayList<>();
    private final List<Remains> remains = new ArrayList<>();
    private final List<Draft> claims = new ArrayList<>();
    /** The latest of each number. */
    private final Map<String, Draft> current = new HashMap<>();

    private @Nullable Line begun;
    private @Nullable Call close;

    QueueLines(Life life, Tasks tasks) {
        this.life = life;
        this.tasks = tasks;
    }

    /** A delivery, as far as it was read. */
    private record Draft(String queue, String id, Call claim, int attempt, FencingToken token, List<Finish> finishes) {
        Delivery delivery(Life life, @Nullable Call close) {
            return new Delivery(life, claim, queue, id, attempt, token, finishes, close);
        }
    }

    static boolean isOne(Line line) {
        return "qQxX".indexOf(line.kind()) >= 0;
    }

    /** Adds a line; an agent begins a call after it has ended the one before. */
    void add(Line line) {
        switch (line.kind()) {
            case 'q' -> begun = line;
            case 'x' -> close = Call.unanswered(line.time());
            case 'X' -> close = line.endOf(close == null ? line.time() : close.invoked());
            default -> {
                if (begun != null) {
                    settle(begun, line.endOf(begun.time()), line);
                    begun = null;
                }
            }
        }
    }

    /** The last call may have no end. */
    void end() {
        if (begun != null) {
            settle(begun, Call.unanswered(begun.time()), begun);
            begun = null;
        }
    }

    List<Enqueue> enqueues() {
        return enqueues;
    }

    List<FruitlessClaim> fruitless() {
        return fruitless;
    }

    List<Remains> remains() {
        return remains;
    }

    List<Delivery> deliveries() {
        return claims.stream().map(draft -> draft.delivery(life, close)).toList();
    }

    private void settle(Line begin, Call call, Line end) {
        String queue = begin.word(1);
        switch (begin.word(0)) {
            case "enqueue" -> enqueues.add(new Enqueue(life, call, tasks.spec(queue, begin.word(2))));
            case "claim" -> claimed(queue, call, end);
            case "look" -> looked(queue, begin.word(2), call, end);
            default -> finished(queue, begin, call);
        }
    }

    private void claimed(String queue, Call call, Line end) {
        if (call.outcome() != Outcome.OK) {
            fruitless.add(new FruitlessClaim(life, call, queue));
            return;
        }
        FencingToken token = FencingToken.parse(end.word(3));
        String id = end.word(1);
        Draft draft = new Draft(queue, id, call, (int) end.numberAt(2), token, new ArrayList<>());
        claims.add(draft);
        current.put(key(queue, id, token.generation()), draft);
    }

    private void finished(String queue, Line begin, Call call) {
        Draft draft = current.get(key(queue, begin.word(2), (int) begin.numberAt(3)));
        if (draft == null) {
            throw new IllegalArgumentException("finished, but never claimed: " + begin);
        }
        Finish.Way way = Finish.Way.valueOf(begin.word(0).toUpperCase(Locale.ROOT));
        draft.finishes.add(new Finish(call, way, begin.numberAt(4), begin.word(5)));
    }

    private void looked(String queue, String id, Call call, Line end) {
        if (call.outcome() == Outcome.OK) {
            Optional<TaskState> state =
                    end.word(1).equals("NONE") ? Optional.empty() : Optional.of(TaskState.valueOf(end.word(1)));
            remains.add(new Remains(queue, id, state, (int) end.numberAt(2), end.rest(3)));
        }
    }

    private static String key(String queue, String id, int number) {
        return queue + "/" + id + "/" + number;
    }
}
