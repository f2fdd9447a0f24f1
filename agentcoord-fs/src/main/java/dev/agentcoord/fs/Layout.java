package dev.agentcoord.fs;

import java.nio.file.Path;
import java.util.UUID;

/**
 * Where things lie in a store, and the modes they are made with. Only the owner of a name, or root, can remove it from a directory
 * that is sticky; the rest of the group can read.
 *
 * @param root the store, without symbolic links
 * @param space name of the space, already validated
 */
record Layout(Path root, String space) {
    /** Of {@code sessions}, {@code locks}, {@code thefts}, {@code log} and {@code tmp}: set-group-id and sticky. */
    static final int OWNED_DIR = 03770;
    /** Of what the group changes together: set-group-id. */
    static final int SHARED_DIR = 02770;
    /** Of records, tickets and payloads. */
    static final int RECORD = 0640;
    /** Of the order file and of doorbells. */
    static final int SHARED_FILE = 0660;

    /** A name in the store for what is being made there, that says who makes it. */
    static Path temporary(Path root) {
        return root.resolve(Maker.self().mark(".tmp-" + UUID.randomUUID()));
    }

    Path manifest() {
        return root.resolve("MANIFEST");
    }

    Path home() {
        return root.resolve(space);
    }

    /** The file whose kernel lock is the section, with the counters and the ring of changes. */
    Path order() {
        return home().resolve("order");
    }

    Path sessions() {
        return home().resolve("sessions");
    }

    Path locks() {
        return home().resolve("locks");
    }

    /** Tickets held under a claim. */
    Path taskLocks() {
        return locks().resolve("tasks");
    }

    /** What was stolen lately, by whom and why. */
    Path thefts() {
        return home().resolve("thefts");
    }

    /** Polite questions that their session has not heard yet. */
    Path asked() {
        return home().resolve("asked");
    }

    Path queues() {
        return home().resolve("queues");
    }

    Path state() {
        return home().resolve("state");
    }

    /** What was promised to last, in order. */
    Path log() {
        return home().resolve("log");
    }

    /** Which names of the state may hold values that end with a session: a directory for each that has written one. */
    Path ephemerals() {
        return home().resolve("ephemerals");
    }

    /** Sessions that follow the state. */
    Path watching() {
        return home().resolve("watching");
    }

    /** Files being written, before they get their name; a leftover belongs to a process that died. */
    Path tmp() {
        return home().resolve("tmp");
    }
}
