package dev.agentcoord.runner.session;

import dev.agentcoord.core.TimeSource;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.tmux.Tmux;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Ends what is left of runs whose runner was killed; usually the guard in the terminal has done so already. */
public final class Reaper {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final RunRecords records;

    /** Reaps the runs recorded where that environment says. */
    public Reaper(Map<String, String> environment) {
        records = new RunRecords(environment);
    }

    /** Ends them and returns their records. Throws {@link Refusal} when processes are left that this user may not end, after all else. */
    public List<RunRecord> reap() throws IOException, InterruptedException {
        List<RunRecord> reaped = new ArrayList<>();
        Set<Long> spared = new HashSet<>();
        for (RunRecord run : records.all()) {
            if (isCutOff(run)) {
                spared.addAll(end(run));
                reaped.add(run);
            }
        }
        if (!spared.isEmpty()) {
            throw Spared.refusal("processes of agents", spared);
        }
        return reaped;
    }

    /** Read again once its runner is gone, which may have told the end since: what it says now is its last word. */
    private boolean isCutOff(RunRecord run) throws IOException {
        return run.ended().isEmpty()
                && !run.isAlive()
                && records.now(run.id()).filter(now -> now.ended().isEmpty()).isPresent();
    }

    /** Removes the records and logs of runs that ended more than 7 days ago or before 100 others; returns how many. */
    public int removeOld() throws IOException {
        return records.removeOld(TimeSource.system().wall());
    }

    private Set<Long> end(RunRecord run) throws IOException, InterruptedException {
        Set<Long> spared = run.session().isEmpty()
                ? Set.of()
                : ProcessTree.ofRun(run.session(), run.runtime()).end(GRACE);
        new Tmux(run.runtime().tmuxSocket()).kill();
        run.runtime().delete();
        records.save(run.abandoned(TimeSource.system().wall()));
        return spared;
    }
}
