package dev.agentcoord.fs;

import dev.agentcoord.Claim;
import dev.agentcoord.NewTask;
import dev.agentcoord.Recipient;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@link CutReader} finds of {@link CutTasks}, and what becomes of it when all is worked off. */
final class TasksAfterCut {
    private static final String OK = "ok";
    private static final String LATER = "later";

    private final Session session;
    private final Set<String> ended = new HashSet<>();

    TasksAfterCut(Session session) {
        this.session = session;
    }

    String verdict(String said, String id, String queue) {
        TaskInfo task = session.queue(queue).find(new TaskId(id)).orElse(null);
        if (task == null || !isLegal(said, task)) {
            return "lost " + task;
        }
        if (Set.of("done", "dead", "cancelled").contains(said)) {
            ended.add(id);
        }
        return isWhole(task, queue) ? OK : "torn " + task;
    }

    private static boolean isLegal(String said, TaskInfo task) {
        TaskState state = task.state();
        return switch (said) {
            case "added" -> true;
            case "done" -> state == TaskState.DONE;
            case "dead" -> state == TaskState.DEAD;
            case "cancelled" -> state == TaskState.CANCELLED;
            case "redriven" -> state == TaskState.DONE || (state != TaskState.DEAD && task.attempt() <= 1);
            case "handed" -> state == TaskState.DONE || isHanded(task);
            default -> throw new IllegalArgumentException(said);
        };
    }

    private static boolean isHanded(TaskInfo task) {
        return (task.state() == TaskState.READY || task.state() == TaskState.CLAIMED)
                && task.recipient().equals(Recipient.agent(CutTasks.RECEIVER))
                && task.outcome().equals(CutTasks.NOTE);
    }

    private static boolean isWhole(TaskInfo task, String queue) {
        if (!task.payloadText().equals(CutWriter.text(task.id().text()))) {
            return false;
        }
        String outcome = task.outcome();
        return switch (task.state()) {
            case DONE -> outcome.equals(CutTasks.result(queue));
            case DEAD -> outcome.equals(CutTasks.CAUSE);
            // What depended on a cancelled task says that.
            case CANCELLED -> task.id().text().startsWith("t") ? !outcome.isEmpty() : outcome.equals(CutTasks.REASON);
            default -> outcome.isEmpty() || outcome.equals(CutTasks.CAUSE) || outcome.equals(CutTasks.NOTE);
        };
    }

    /** As long as it has not ended whoever adds another of its dedup key gets that one. */
    String same(String dedupKey, String id, String queue) {
        TaskQueue there = session.queue(queue);
        TaskInfo task = there.find(new TaskId(id)).orElse(null);
        if (task == null) {
            return "lost";
        }
        TaskId kept = there.enqueue(
                        NewTask.of(LATER).id(new TaskId(LATER + dedupKey)).dedupKey(dedupKey))
                .id();
        boolean isSame = kept.equals(task.id());
        return isSame == task.state().isEnd() ? "lost " + task + ", another is " + kept : OK;
    }

    /** All there is can be claimed, in order and whole, what has ended is not among it, and what comes later is not stuck either. */
    String drain(String queue) {
        TaskQueue there = session.queue(queue);
        if (queue.equals(CutTasks.LINES)) {
            for (int i = 0; i < CutTasks.KEYS; i++) {
                there.enqueue(NewTask.of(LATER).id(new TaskId(LATER + i)).orderingKey(CutTasks.key(i)));
            }
        }
        List<TaskInfo> delivered = new ArrayList<>();
        for (Optional<Claim> claim = there.tryClaim(); claim.isPresent(); claim = there.tryClaim()) {
            claim.get().complete("");
            delivered.add(claim.get().task());
        }
        Map<String, Integer> latest = new HashMap<>();
        for (TaskInfo task : delivered) {
            String id = task.id().text();
            if (ended.contains(id)) {
                return "lost: once more " + task;
            }
            if (!id.startsWith(LATER) && !task.payloadText().equals(CutWriter.text(id))) {
                return "torn " + task;
            }
            if (queue.equals(CutTasks.LINES) && !follows(task, latest)) {
                return "lost: out of its line " + task;
            }
        }
        Map<TaskState, Integer> left = new EnumMap<>(there.depth());
        left.keySet().removeIf(TaskState::isEnd);
        return left.values().stream().allMatch(number -> number == 0)
                ? OK
                : "lost: stuck " + left + ", such as " + there.list(TaskState.BLOCKED, 10);
    }

    private static boolean follows(TaskInfo task, Map<String, Integer> latest) {
        String id = task.id().text();
        int number = id.startsWith(LATER) ? Integer.MAX_VALUE : Integer.parseInt(id.substring(1));
        Integer before = latest.put(task.asEnqueued().orderingKey().orElseThrow(), number);
        return before == null || before < number;
    }
}
