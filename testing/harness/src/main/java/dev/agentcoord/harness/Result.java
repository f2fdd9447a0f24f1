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
 * @param sightings of waiting requests by the observer
 * @param processes that worked, one after the other or together
 * @param faults how many of each kind
 * @param errors how many of each kind agents met, other than contention and loss
 * @param examples of the violations, at most 20
 */
record Result(
        long seed,
        int operations,
        int checked,
        int violations,
        int undecided,
        long granted,
        long refused,
        int sightings,
        int processes,
        Map<String, Integer> faults,
        Map<String, Integer> errors,
        List<String> examples) {}
