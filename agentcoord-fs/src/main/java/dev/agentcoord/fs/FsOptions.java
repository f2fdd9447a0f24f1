package dev.agentcoord.fs;

import dev.agentcoord.InvalidRequestException;
import java.time.Duration;

/**
 * What a coordinator on the file system does differently from the default. Immutable.
 *
 * @param anyFileSystem accept a kind of file system that is not known to be safe; what is needed of it is tried nevertheless
 * @param silence how long its sessions may be silent where nobody can prove them dead, as across containers, before they lose their
 *     holds; zero, the default, for ever
 * @param durability whether its writes of state and tasks wait for the disk; they do by default
 */
public record FsOptions(boolean anyFileSystem, Duration silence, Durability durability) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Validates; throws {@link InvalidRequestException} for a silence that is negative or shorter than a second. */
    public FsOptions {
        if (!silence.isZero() && silence.compareTo(SHORTEST) < 0) {
            throw new InvalidRequestException(
                    silence, "a silence of " + silence + " is too short; use a second or more");
        }
    }

    /** Known file systems only; sessions die by proof alone; writes are synced. */
    public static FsOptions defaults() {
        return new FsOptions(false, Duration.ZERO, Durability.SYNCED);
    }

    /** With any kind of file system accepted. */
    public FsOptions onAnyFileSystem() {
        return new FsOptions(true, silence, durability);
    }

    /** With sessions that end when they were silent for so long where their death cannot be proven. */
    public FsOptions silence(Duration atMost) {
        return new FsOptions(anyFileSystem, atMost, durability);
    }

    /** With writes of state and tasks that wait for the disk or not; another coordinator on the same space may do otherwise. */
    public FsOptions durability(Durability writes) {
        return new FsOptions(anyFileSystem, silence, writes);
    }
}
