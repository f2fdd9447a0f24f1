package dev.agentcoord.harness;

import dev.agentcoord.ensemble.Place;
import dev.agentcoord.harness.Plan.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** Where a run takes place: what its store needs beside a directory, and what can happen to that. Thread-safe. */
interface Site extends AutoCloseable {
    /** Where an agent runs, from 0. */
    Place place(int agent);

    /** Lets a fault of the servers happen, as chance has it, and returns when all serve again. */
    void suffer(Fault fault, Random random) throws InterruptedException;

    /** How much is there, by kind, that should have gone with the agents; waits a while for it to go. */
    Map<String, Integer> leftovers() throws InterruptedException;

    @Override
    void close();

    /** Makes what a plan needs, so that a directory names the store. */
    static Site of(Plan plan, Path directory) throws IOException {
        return ZkStore.isBelow(plan.backend()) ? ZkSite.build(plan, directory) : new Plain();
    }

    /** A directory alone is enough. */
    final class Plain implements Site {
        @Override
        public Place place(int agent) {
            return Place.HERE;
        }

        @Override
        public void suffer(Fault fault, Random random) {
            throw new IllegalArgumentException("there are no servers for " + fault);
        }

        @Override
        public Map<String, Integer> leftovers() {
            return Map.of();
        }

        @Override
        public void close() {
            // Nothing was made.
        }
    }
}
