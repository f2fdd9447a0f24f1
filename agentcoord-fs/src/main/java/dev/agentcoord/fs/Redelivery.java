package dev.agentcoord.fs;

import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Admission;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.core.queue.RetryRule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Gives back what sessions claim that have ended. Who has is found out outside the section, for it never becomes untrue. */
final class Redelivery {
    /** Where there are tasks to claim, nobody looks after the claims of others more often than that. */
    static final long INTERVAL_NANOS = Duration.ofMillis(250).toNanos();

    private static final int AT_ONCE = 32;

    private final FsQueue queue;
    private final FsTaskStore.Context context;

    Redelivery(FsQueue queue, FsTaskStore.Context context) {
        this.queue = queue;
        this.context = context;
    }

    /** What is ready again of those whose claimers are dead. */
    List<TaskName> ofTheDead() throws IOException {
        return of(context.section(), context.ended());
    }

    List<TaskName> of(Section.Entrance section, Predicate<SessionId> ended) throws IOException {
        Map<SessionId, Boolean> known = new HashMap<>();
        List<TaskName.Found> orphans = new ArrayList<>();
        for (String name : TaskWalk.names(queue.layout().claimed())) {
            TaskName.Found found = TaskName.parse(queue.layout().claimed(), name);
            SessionId claimer = found.claimer();
            if (claimer != null && known.computeIfAbsent(claimer, ended::test)) {
                orphans.add(found);
            }
        }
        List<TaskName> ready = new ArrayList<>();
        for (int from = 0; from < orphans.size(); from += AT_ONCE) {
            List<TaskName.Found> some = orphans.subList(from, Math.min(orphans.size(), from + AT_ONCE));
            QueueTurn turn = queue.run(section, context.scratch(), context.millis(), mine -> {
                for (TaskName.Found orphan : some) {
                    giveBack(mine, orphan);
                }
                return mine;
            });
            queue.settle(context.writes(), turn);
            ready.addAll(turn.admitted());
        }
        return ready;
    }

    private void giveBack(QueueTurn turn, TaskName.Found orphan) throws IOException {
        SessionId claimer = orphan.claimer();
        if (claimer == null) {
            return;
        }
        TaskName task = orphan.task();
        Path file = queue.layout().claimed(task, claimer);
        if (!Disk.isThere(file)) {
            return;
        }
        String agent = context.agent(claimer);
        Ending ending = RetryRule.afterDeath(task.attempt(), task.max(), RetryRule.causeOfDeath(agent));
        // Whatever its claimer may have left was for a transition that did not happen.
        byte[] note =
                TaskNotes.encode(TaskAttempt.Outcome.DIED, agent, context.time().wall(), ending.text());
        turn.writeNote(queue.layout().note(task), note);
        if (ending instanceof Ending.Again) {
            turn.pass(task, file, turn.directory().place(turn.turn(), task, Admission.ADMITTED, turn.now(), ""));
            turn.admitted().add(task);
        } else {
            NewTask what = QueueTurn.read(file, task.id()).task();
            turn.end(task, file, TaskState.DEAD, what);
            queue.pruner().soon(context);
        }
    }
}
