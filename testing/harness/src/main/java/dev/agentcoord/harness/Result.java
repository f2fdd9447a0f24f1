package dev.agentcoord.harness;

import java.util.List;
import java.util.Map;

/**
 * What a run showed; printed as one JSON object.
 *
 * @param seed of the run
 * @param operations calls that the agents began
 * @param checked calls that the rules were applied to
 * @param violations how many there were
 * @param undecided calls of living agents of which nobody can tell whether they had an effect
 * @param granted lock requests that were granted
 * @param refused lock requests that timed out or were tried in vain
 * @param enqueues of tasks, repeated ones included
 * @param deliveries of tasks to claimers, those to whom nobody was left to hear of it not included
 * @param transactions calls on the shared state that told something
 * @param sightings of waiting requests by the observer
 * @param processes that worked, one after the other or together
 * @param faults how many of each kind were really done
 * @param sessionsLost sessions that ended although their agents lived
 * @param longestStallMillis the longest time in which no call of any agent was done
 * @param leftovers what is still there, by kind, though all sessions have ended; empty where nobody looked
 * @param errors how many of each kind agents met, other than contention and loss
 * @param examples of the violations, at most 20, of each kind some
 */
record Result(
        long seed,
        int operations,
        int checked,
        int violations,
        int undecided,
        long granted,
        long refused,
        int enqueues,
        int deliveries,
        int transactions,
        int sightings,
        int processes,
        Map<String, Integer> faults,
        int sessionsLost,
        long longestStallMillis,
        Map<String, Integer> leftovers,
        Map<String, Integer> errors,
        List<String> examples) {}
