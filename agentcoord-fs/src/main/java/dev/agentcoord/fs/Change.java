package dev.agentcoord.fs;

import org.jspecify.annotations.Nullable;

/**
 * What one turn in the section announced before it touched a name.
 *
 * @param kind what happened
 * @param name the ticket's or session's name, or whatever the kind says
 */
record Change(Kind kind, String name) {
    static final Change NOTHING = new Change(Kind.NONE, "");

    /** Whether a ticket comes, goes, or becomes another's. */
    boolean isOfTicket() {
        return kind == Kind.TICKET_ADDED || kind == Kind.TICKET_REMOVED || kind == Kind.TICKET_BOUND;
    }

    /** Kinds of change; the codes are part of the format. */
    enum Kind {
        /** A position was taken, nothing else. */
        NONE(0),
        /** A name appears in {@code locks}. */
        TICKET_ADDED(1),
        /** A name goes from {@code locks}. */
        TICKET_REMOVED(2),
        /** A record appears in {@code sessions}. */
        SESSION_JOINED(3),
        /** A record goes from {@code sessions}. */
        SESSION_ENDED(4),
        /** Something of a queue; the name is {@code queue/task}. */
        QUEUE(5),
        /** Something of the shared state; the name is the file's. */
        STATE(6),
        /** A name in {@code locks} becomes this one in {@code locks/tasks}, at the same position, by one rename. */
        TICKET_BOUND(7);

        private static final Kind[] BY_CODE = {
            NONE, TICKET_ADDED, TICKET_REMOVED, SESSION_JOINED, SESSION_ENDED, QUEUE, STATE, TICKET_BOUND
        };

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /** The kind of that code, or null for one this version does not know. */
        static @Nullable Kind of(int code) {
            return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        }
    }
}
