package dev.agentcoord.harness.history;

import java.util.List;
import java.util.Set;

/**
 * What all agents of one run did. Immutable.
 *
 * @param attempts every lock request, in any order
 * @param sightings of requests that waited, by an observer
 * @param stolen positions of the tickets that were stolen
 */
public record History(List<Attempt> attempts, List<Sighting> sightings, Set<Long> stolen) {
    /** Copies its parts. */
    public History {
        attempts = List.copyOf(attempts);
        sightings = List.copyOf(sightings);
        stolen = Set.copyOf(stolen);
    }

    /** A history without observer and thief. */
    public static History of(Attempt... attempts) {
        return new History(List.of(attempts), List.of(), Set.of());
    }
}
