package dev.agentcoord.fs;

import java.util.Arrays;
import java.util.List;

/** All there is in {@link SectionModel}: what lies in the store, and what each process remembers. Sets of tickets are bits by position. */
final class SectionState implements Explorer.State {
    /** Who has the section's lock, or -1. */
    int inside = -1;

    /** Of each ticket that has a name, be it its session's or, if it is among the bound ones, a task's. */
    int names;

    int bound;
    /** Those whose session removed the name without entering. */
    int letGo;

    int marks;
    int hinted;
    int swept;
    int highest;
    boolean repeated;
    boolean robbed;
    boolean inexact;
    boolean unfenced;
    int crashes;
    int failures;
    int thefts;
    int binds;
    int guards;
    int damages;
    /** By position, whose ticket it is. */
    private int[] owners;
    /** By block, the number of the entry that is in it, 0 for none, less than 0 for one that cannot be read. */
    private int[] ring;
    /** By number, what entries say. */
    private Entry[] log;

    private int latest;
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
        /** It announced a change of the state that requires its lock, and asks for that once more. */
        CHECK,
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
        CLEAR,
        BIND,
        GUARD,
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
        /** Tickets whose names it knows to be gone, to be announced with its next one. */
        int unannounced;
        /** Only of a wrong program: it read that nobody waits, before it lets go. */
        boolean sawNobody;
        /** A ticket in its way whose name it missed, to be cleared away. */
        int clearing;
        /** The only ticket in its way, for whose end it stays awake, and the latest change when that was decided. */
        int before;

        int since;
        boolean sawItGone;

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
            copy.unannounced = unannounced;
            copy.sawNobody = sawNobody;
            copy.clearing = clearing;
            copy.before = before;
            copy.since = since;
            copy.sawItGone = sawItGone;
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
            unannounced = 0;
            sawNobody = false;
            clearing = 0;
            stopLingering();
        }

        void stopLingering() {
            before = 0;
            since = 0;
            sawItGone = false;
        }

        void leave() {
            errand = Errand.NONE;
            at = At.OUTSIDE;
            about = 0;
            target = 0;
        }
    }

    SectionState(List<Member> members, int ring, int tickets, int changes) {
        this.members = members.toArray(Member[]::new);
        this.ring = new int[ring];
        this.owners = new int[tickets + 1];
        this.log = new Entry[changes];
        Arrays.fill(log, Entry.NONE);
        setBlock(1, 1);
    }

    /** Shares what lies in the store, and the members, with the other. */
    private SectionState(SectionState other) {
        this.inside = other.inside;
        this.names = other.names;
        this.bound = other.bound;
        this.letGo = other.letGo;
        this.marks = other.marks;
        this.hinted = other.hinted;
        this.swept = other.swept;
        this.highest = other.highest;
        this.repeated = other.repeated;
        this.robbed = other.robbed;
        this.inexact = other.inexact;
        this.unfenced = other.unfenced;
        this.crashes = other.crashes;
        this.failures = other.failures;
        this.thefts = other.thefts;
        this.binds = other.binds;
        this.guards = other.guards;
        this.damages = other.damages;
        this.owners = other.owners;
        this.ring = other.ring;
        this.log = other.log;
        this.latest = other.latest;
        this.members = other.members.clone();
    }

    /** A state in which that member can be changed, but no other. */
    SectionState copyFor(int member) {
        SectionState copy = new SectionState(this);
        copy.members[member] = members[member].copy();
        return copy;
    }

    /** The largest number in the ring. */
    int latest() {
        return latest;
    }

    int ringLength() {
        return ring.length;
    }

    /** The number that is where an entry of that number belongs. */
    int block(int number) {
        return ring[number % ring.length];
    }

    /** Whether what is where an entry of that number belongs cannot be read, and may be that entry. */
    boolean isUnreadable(int number) {
        return -block(number) >= number;
    }

    /** It was written in part, or is damaged. */
    void spoil(int number) {
        setBlock(number, -number);
    }

    private void setBlock(int number, int value) {
        ring = ring.clone();
        ring[number % ring.length] = value;
        latest = Arrays.stream(ring).max().orElseThrow();
    }

    Entry entry(int number) {
        return log[number];
    }

    /** Puts an entry where its number belongs; what was there before is overwritten. */
    void write(int number, Entry entry) {
        log = log.clone();
        log[number] = entry;
        if (number > ring.length) {
            log[number - ring.length] = Entry.NONE;
        }
        setBlock(number, number);
    }

    /** The highest position that there can be. */
    int lastTicket() {
        return owners.length - 1;
    }

    int owner(int ticket) {
        return owners[ticket];
    }

    int[] owners() {
        return owners;
    }

    void setOwner(int ticket, int member) {
        owners = owners.clone();
        owners[ticket] = member;
    }

    boolean hasName(int ticket) {
        return (names & bit(ticket)) != 0;
    }

    boolean isBound(int ticket) {
        return (bound & bit(ticket)) != 0;
    }

    /** Whether a ticket is there under its session's name. */
    boolean hasOwnName(int ticket) {
        return hasName(ticket) && !isBound(ticket);
    }

    boolean isLetGo(int ticket) {
        return (letGo & bit(ticket)) != 0;
    }

    static int bit(int ticket) {
        return 1 << ticket;
    }

    @Override
    public byte[] bytes() {
        return new SectionKey(this).bytes();
    }
}
