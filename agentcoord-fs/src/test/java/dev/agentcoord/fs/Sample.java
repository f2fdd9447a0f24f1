package dev.agentcoord.fs;

import dev.agentcoord.testkit.Campaign;
import java.util.ArrayList;
import java.util.List;

/** A part of many cases, for the tests of every build. */
final class Sample {
    private Sample() {}

    /** At most so many of them, evenly spread; another seed begins elsewhere. In a long campaign all of them. */
    static <T> List<T> of(List<T> all, int atMost) {
        int size = Math.min(all.size(), Campaign.size(atMost, all.size()));
        List<T> some = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int shift = (int) Math.floorMod(Campaign.seed() - 1, (long) all.size());
            some.add(all.get((i * all.size() / size + shift) % all.size()));
        }
        return some;
    }
}
