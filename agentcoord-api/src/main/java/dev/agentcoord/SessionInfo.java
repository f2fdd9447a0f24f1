package dev.agentcoord;

import java.time.Instant;
import java.util.List;

/**
 * The immutable record of a session, readable by everyone in its space.
 *
 * @param id never reused
 * @param participant what the agent said of itself, all processes included
 * @param developer operating-system user, from the kernel
 * @param host name of the machine, for people
 * @param bootId of the machine's current boot
 * @param pidNamespace inode of the pid namespace its pids count in
 * @param joined by its wall clock; for people only
 * @param protocol version of the rules it speaks
 */
public record SessionInfo(
        SessionId id,
        Participant participant,
        String developer,
        String host,
        String bootId,
        long pidNamespace,
        Instant joined,
        int protocol) {
    /** The agent's name. */
    public String agent() {
        return participant.agent();
    }

    /** The processes the session lives and dies with; it is dead only when all of them are. */
    public List<ProcessId> processes() {
        return participant.processes();
    }
}
