package dev.agentcoord.fs;

import dev.agentcoord.testkit.Campaign;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Right before a thread's n-th call of a name.
 *
 * @param call its name
 * @param nth counted from one
 */
record Moment(String call, int nth) {
    private static final int SAMPLE = 4;
    /** What may change something: a kill before any other call leaves what a kill before the next of these does. */
    private static final Set<String> CHANGING =
            Set.of("openat", "link", "unlink", "rename", "write", "mkdir", "rmdir", "chmod", "bind", "fcntl");

    /** All of a life that made so many calls of each name; in every build a sample of those that change something. */
    static List<Moment> allOf(Map<String, Integer> counts) {
        List<Moment> all = new ArrayList<>();
        counts.forEach((call, count) -> {
            if (Campaign.size(0, 1) > 0 || CHANGING.contains(call)) {
                for (int nth = 1; nth <= count; nth++) {
                    all.add(new Moment(call, nth));
                }
            }
        });
        return Sample.of(all, SAMPLE);
    }
}
