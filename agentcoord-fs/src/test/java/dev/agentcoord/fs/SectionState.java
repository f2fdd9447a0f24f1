package dev.agentcoord.fs;

import java.util.Arrays;

/** All there is in {@link SectionModel}: what lies in the store, and what each process remembers. Sets of tickets are bits by position. */
final class SectionState implements Explorer.State {
    /** What a block of the ring says that was written in part. */
    static final int TORN = -1;

    /** Who has the section's lock, or -1. */
    int inside = -1;

    int names;
    int marks;
    int hinted;
    int swept;
    int highest;
    boolean repeated;
    boolean robbed;
    boolean inexact;
    int crashes;
    int failures;
    int thefts;
    final int[] owners;
    /** By block, the number of the entry that is in it, 0 for none. */
    final int[] ring;
    /** By number, what entries say. */
    final Entry[] log;

    final Member[] members;

    /** A change, whatever it is about, and the position it was announced at. */
    record Entry(Change.Kind kind, int ticket, int position) {
        static final Entry NONE = new Entry(Change.Kind.NONE, 0, 0);

        boolean isOfTicket() {
            return kind == Change.Kind.TICKET_ADDED || kind == Change.Kind.TICKET_REMOVED;
        }
    }

    /** What a process is about to do next, while it is inside. */
    enum At {
        OUTSIDE,
        REPAIR,
        MARK,
        ANNOUNCE,
        TOUCH,
        /** Only of a wrong program: it left, and touches the name now. */
        TOUCH_OUTSIDE
    }

    /** How a process stands to its ticket. */
    enum Standing {
        NONE,
        WAITING,
        GRANTED,
        LEAVING
    }

    /** Whether a process runs. */
    enum Life {
        UNBORN,
        ALIVE,
        DEAD
    }

    /** What a process came for. */
    enum Errand {
        NONE,
        ACQUIRE,
        GIVE_UP,
        LOOK,
        STEAL,
        SWEEP,
        END,
        OTHER;

        boolean isAboutTickets() {
            return this != END && this != OTHER && this != NONE;
        }
    }

    /** A process with one session. */
    static final class Member {
        /** Those of one kind ask for the same. */
        final int kind;

        Life life = Life.ALIVE;
        int acquires;
        int others;
        int last = 1;
        int position;
        int knownSince = 1;
        boolean foreign = true;
        int seen = -1;
        int table;
        int ticket;
        Standing standing = Standing.NONE;
        Errand errand = Errand.NONE;
        At at = At.OUTSIDE;
        int about;
        int target;
        int ringing;
        int ending = -1;

        Member(int kind) {
            this.kind = kind;
        }

        Member copy() {
            Member copy = new Member(kind);
            copy.life = life;
            copy.acquires = acquires;
            copy.others = others;
            copy.last = last;
            copy.position = position;
            copy.knownSince = knownSince;
            copy.foreign = foreign;
            copy.seen = seen;
            copy.table = table;
            copy.ticket = ticket;
            copy.standing = standing;
            copy.errand = errand;
            copy.at = at;
            copy.about = about;
            copy.target = target;
            copy.ringing = ringing;
            copy.ending = ending;
            return copy;
        }

        void die() {
            life = Life.DEAD;
            acquires = 0;
            others = 0;
            last = 1;
            position = 0;
            knownSince = 1;
            foreign = true;
            seen = -1;
            table = 0;
            ticket = 0;
            standing = Standing.NONE;
            leave();
            ringing = 0;
            ending = -1;
        }

        void leave() {
            errand = Errand.NONE;
            at = At.OUTSIDE;
            about = 0;
            target = 0;
        }
    }

    SectionState(int members, int ring, int tickets, int changes) {
        this.members = new Member[members];
        this.ring = new int[ring];
        this.owners = new int[tickets + 1];
        this.log = new Entry[changes];
        Arrays.fill(log, Entry.NONE);
    }

    SectionState copy() {
        SectionState copy = new SectionState(members.length, ring.length, owners.length - 1, log.length);
        copy.inside = inside;
        copy.names = names;
        copy.marks = marks;
        copy.hinted = hinted;
        copy.swept = swept;
        copy.highest = highest;
        copy.repeated = repeated;
        copy.robbed = robbed;
        copy.inexact = inexact;
        copy.crashes = crashes;
        copy.failures = failures;
        copy.thefts = thefts;
        System.arraycopy(owners, 0, copy.owners, 0, owners.length);
        System.arraycopy(ring, 0, copy.ring, 0, ring.length);
        System.arraycopy(log, 0, copy.log, 0, log.length);
        for (int i = 0; i < members.length; i++) {
            copy.members[i] = members[i].copy();
        }
        return copy;
    }

    int latest() {
        int latest = 0;
        for (int number : ring) {
            latest = Math.max(latest, number);
        }
        return latest;
    }

    boolean hasName(int ticket) {
        return (names & bit(ticket)) != 0;
    }

    static int bit(int ticket) {
        return 1 << ticket;
    }

    @Override
    public byte[] bytes() {
        return new SectionKey(this).bytes();
    }
}
