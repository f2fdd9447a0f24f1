package dev.agentcoord.fs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has changed in a space since somebody last looked.
 *
 * @param change number of the latest change, to ask with the next time
 * @param changes in order; null where they are not known any more, or nobody looked before, so that all has to be read
 */
record News(long change, @Nullable List<Change> changes) {
    /** To ask with the first time. */
    static final long NEVER = -1;

    /** Inside the section, so it is exact. */
    static News since(Section.Entrance section, long seen) {
        return section.run(turn -> new News(turn.change(), seen == NEVER ? null : turn.since(seen)));
    }
}
