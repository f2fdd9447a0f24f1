package dev.agentcoord.fs;

import java.nio.file.Path;
import java.util.List;

/**
 * What stands in a space on a file system that serves nobody. Immutable.
 *
 * @param voidTickets tickets of sessions that have ended, which only their user or root may remove; they block nobody
 * @param planted what was made by hand, in the name of a session or under a name that is none; none of it counts, but what bears the name
 *     of a mark keeps that ticket from being stolen, and a session's own ticket that cannot be read everything from being granted
 */
public record FsReport(List<Left> voidTickets, List<Left> planted) {
    /** Copies the lists. */
    public FsReport {
        voidTickets = List.copyOf(voidTickets);
        planted = List.copyOf(planted);
    }

    /**
     * One name that is left.
     *
     * @param path of it
     * @param user whom it belongs to, by the kernel's word
     */
    public record Left(Path path, String user) {}
}
