package dev.agentcoord.fs;

import dev.agentcoord.fs.SectionModel.Mistake;
import dev.agentcoord.fs.SectionState.At;
import dev.agentcoord.fs.SectionState.Entry;
import dev.agentcoord.fs.SectionState.Errand;
import dev.agentcoord.fs.SectionState.Life;
import dev.agentcoord.fs.SectionState.Member;
import dev.agentcoord.fs.SectionState.Standing;

/** In {@link SectionModel}, what a process does once it is inside: it decides, and changes one name after the other. */
final class SectionInside {
    private final SectionRules rules;
    private final Mistake mistake;
    private final SectionMemory memory;
    private final boolean lingering;

    SectionInside(SectionRules rules, Mistake mistake, SectionMemory memory, boolean lingering) {
        this.rules = rules;
        this.mistake = mistake;
        this.memory = memory;
        this.lingering = lingering;
    }

    /** Whether a process that looks once more, in peace, finds its ticket granted; changes the state. */
    boolean findsOut(SectionState state, int p) {
        Member me = state.members[p];
        comeFor(Errand.LOOK, me.ticket, state, p);
        while (me.clearing != 0) {
            comeFor(Errand.CLEAR, me.clearing, state, p);
            if (me.at == At.ANNOUNCE) {
                announce(state, me);
                touch(state, me);
            }
            comeFor(Errand.LOOK, me.ticket, state, p);
        }
        return me.standing == Standing.GRANTED;
    }

    /** As {@code TicketBook.letGoUnannounced}. */
    boolean mayGoUnannounced(SectionState state, Member me) {
        return SectionMemory.isInTable(me, me.ticket)
                && memory.isUpToDate(state, me)
                && isForNobody(state, me, me.ticket);
    }

    private boolean isForNobody(SectionState state, Member me, int ticket) {
        if (rules.isOfPermits(state.owner(ticket))) {
            return false;
        }
        boolean isWaitedFor = mistake == Mistake.WHO_WAITS_FOR_MORE_FORGOTTEN
                ? rules.admittedBy(me.table & ~SectionState.bit(ticket), state.owners(), ticket) != 0
                : rules.isInTheWay(me.table, state.owners(), ticket);
        return !isWaitedFor;
    }

    void goUnannounced(Member me) {
        dropUnannounced(me, me.ticket);
        me.sawNobody = false;
        me.stopLingering();
        me.clearing = 0;
        me.standing = Standing.NONE;
        me.ticket = 0;
    }

    private static void dropUnannounced(Member me, int ticket) {
        me.table &= ~SectionState.bit(ticket);
        me.unannounced |= SectionState.bit(ticket);
    }

    /** As {@code TicketBook.blockersThereOf}. */
    private void dropGone(SectionState state, Member me) {
        boolean any = !rules.isOfPermits(state.owner(me.target));
        while (any) {
            any = false;
            int decisive = rules.decisiveFor(me.table, state.owners(), me.target);
            for (int ticket = 1; ticket <= state.lastTicket(); ticket++) {
                boolean isGone = (decisive & ~state.names & SectionState.bit(ticket)) != 0;
                if (isGone && isForNobody(state, me, ticket)) {
                    dropUnannounced(me, ticket);
                    any = true;
                }
            }
        }
    }

    void proceed(SectionState state, Member me) {
        if (me.errand.isAboutTickets()) {
            memory.catchUp(state, me);
            decide(state, me);
        } else {
            me.at = At.ANNOUNCE;
        }
    }

    private void decide(SectionState state, Member me) {
        state.inexact |= (me.table & ~state.letGo) != state.names;
        me.target = me.about;
        switch (me.errand) {
            case ACQUIRE -> {
                me.acquires--;
                me.target = me.position + 1;
                state.setOwner(me.target, state.inside);
                dropGone(state, me);
                me.at = first();
            }
            case GIVE_UP -> {
                me.standing = Standing.LEAVING;
                boolean isThere = SectionMemory.isInTable(me, me.about);
                if (!isThere && state.isLetGo(me.about)) {
                    me.ringing |= rules.admittedBy(me.table, state.owners(), me.about);
                }
                goOnIf(isThere, first(), state, me);
            }
            case LOOK -> {
                look(state, me);
                leave(state, me);
            }
            case CLEAR -> {
                me.clearing = 0;
                // It decides again in any case.
                state.hinted |= SectionState.bit(me.ticket) & state.names;
                goOnIf(SectionMemory.isInTable(me, me.about) && !state.hasName(me.about), first(), state, me);
            }
            case BIND -> {
                state.binds--;
                goOnIf(isHeld(state, me), first(), state, me);
            }
            case GUARD -> {
                state.guards--;
                goOnIf(isHeld(state, me), At.ANNOUNCE, state, me);
            }
            case STEAL ->
                goOnIf(
                        SectionMemory.isInTable(me, me.about) && state.hasName(me.about),
                        mistake == Mistake.MARK_LEFT_OUT ? first() : At.MARK,
                        state,
                        me);
            case SWEEP -> sweepNext(state, me);
            default -> throw new IllegalStateException("nothing to decide for " + me.errand);
        }
    }

    /** As {@code Space.isHeld}. */
    private boolean isHeld(SectionState state, Member me) {
        boolean isThere = SectionMemory.isInTable(me, me.about) && state.hasOwnName(me.about);
        return isThere && rules.isGranted(me.table & state.names, state.owners(), me.about);
    }

    private void goOnIf(boolean there, At next, SectionState state, Member me) {
        if (there) {
            me.at = next;
        } else {
            giveUpIfOwn(me);
            leave(state, me);
        }
    }

    private static void giveUpIfOwn(Member me) {
        if (me.errand == Errand.GIVE_UP) {
            me.stopLingering();
            me.clearing = 0;
            me.standing = Standing.NONE;
            me.ticket = 0;
        }
    }

    private At first() {
        return mistake == Mistake.NAME_BEFORE_ANNOUNCEMENT ? At.TOUCH : At.ANNOUNCE;
    }

    private void look(SectionState state, Member me) {
        state.hinted &= ~SectionState.bit(me.ticket);
        me.stopLingering();
        if (!SectionMemory.isInTable(me, me.ticket)) {
            me.standing = Standing.NONE;
            me.ticket = 0;
            return;
        }
        int blockers = rules.blockersOf(me.table, state.owners(), me.ticket);
        if (blockers != 0) {
            note(blockers, state, me);
        } else if (mistake != Mistake.NEVER_LOOKED_AGAIN) {
            me.standing = Standing.GRANTED;
        }
    }

    /** What is in its way, whether that is still there, and whether it is worth staying awake for. */
    private void note(int blockers, SectionState state, Member me) {
        int first = Integer.numberOfTrailingZeros(blockers);
        boolean clears = mistake != Mistake.MISSING_NAME_NEVER_CLEARED;
        int decisive = rules.decisiveFor(me.table, state.owners(), me.ticket);
        int gone = decisive & ~state.names;
        me.clearing = clears && gone != 0 ? Integer.numberOfTrailingZeros(gone) : 0;
        boolean alone = Integer.bitCount(blockers) == 1 && !state.isBound(first);
        if (lingering && alone && me.standing == Standing.WAITING) {
            me.before = first;
            me.since = me.last;
        }
    }

    private void sweepNext(SectionState state, Member me) {
        for (int ticket = 1; ticket <= state.lastTicket(); ticket++) {
            if (SectionMemory.isInTable(me, ticket) && state.owner(ticket) == me.about && !state.isBound(ticket)) {
                me.target = ticket;
                me.at = first();
                return;
            }
        }
        me.ending = me.about;
        leave(state, me);
    }

    void goOn(SectionSteps steps, Member member) {
        switch (member.at) {
            case REPAIR -> steps.add("repairs", -1, this::repair);
            case MARK ->
                steps.add("marks", member.target, (state, me) -> {
                    state.marks |= SectionState.bit(me.target);
                    me.at = first();
                });
            case ANNOUNCE -> steps.add("announces", member.target, this::announce);
            case CHECK -> steps.add("checks", member.target, this::check);
            case TOUCH, TOUCH_OUTSIDE -> steps.add("touches", member.target, this::touch);
            default -> throw new IllegalStateException("stuck inside");
        }
    }

    void repair(SectionState state, Member me) {
        int ticket = state.entry(me.last).ticket();
        boolean there = state.hasName(ticket);
        write(state, me, new Entry(there ? Change.Kind.TICKET_ADDED : Change.Kind.TICKET_REMOVED, ticket, me.position));
        proceed(state, me);
    }

    /** As {@code StateCommit.isStillHeld}. */
    private void check(SectionState state, Member me) {
        if (state.hasOwnName(me.target)) {
            me.at = At.TOUCH;
        } else {
            leave(state, me);
        }
    }

    private void announce(SectionState state, Member me) {
        if (me.errand == Errand.ACQUIRE && me.unannounced != 0) {
            int gone = Integer.numberOfTrailingZeros(me.unannounced);
            me.unannounced &= ~SectionState.bit(gone);
            me.seen = -1;
            write(state, me, new Entry(Change.Kind.TICKET_REMOVED, gone, me.target));
            return;
        }
        Change.Kind kind = switch (me.errand) {
            case ACQUIRE -> Change.Kind.TICKET_ADDED;
            case GIVE_UP, STEAL, SWEEP, CLEAR -> Change.Kind.TICKET_REMOVED;
            case BIND -> Change.Kind.TICKET_BOUND;
            case GUARD -> Change.Kind.STATE;
            case END -> Change.Kind.SESSION_ENDED;
            default -> Change.Kind.QUEUE;
        };
        boolean first = mistake != Mistake.NAME_BEFORE_ANNOUNCEMENT;
        write(state, me, new Entry(kind, me.target, me.errand == Errand.ACQUIRE ? me.target : me.position));
        if (me.errand == Errand.OTHER) {
            me.others--;
            leave(state, me);
        } else if (me.errand == Errand.GUARD) {
            me.at = mistake == Mistake.REQUIRED_LOCK_ASKED_FOR_ONCE ? At.TOUCH : At.CHECK;
        } else if (me.errand == Errand.END || first) {
            me.seen = me.errand == Errand.END ? me.seen : -1;
            me.at = At.TOUCH;
        } else {
            afterChange(state, me);
        }
        if (mistake == Mistake.NAME_TOUCHED_OUTSIDE && me.errand == Errand.GIVE_UP) {
            state.inside = -1;
            me.at = At.TOUCH_OUTSIDE;
        }
    }

    static void write(SectionState state, Member me, Entry entry) {
        int number = me.last + 1;
        state.write(number, entry);
        me.last = number;
        me.position = entry.position();
        me.foreign = false;
    }

    private void touch(SectionState state, Member me) {
        int bit = SectionState.bit(me.target);
        switch (me.errand) {
            case ACQUIRE -> {
                state.repeated |= me.target <= state.highest;
                state.highest = Math.max(state.highest, me.target);
                int blockers = mistake == Mistake.GRANTED_TO_WHOEVER_ASKS
                        ? 0
                        : rules.blockersOf(me.table, state.owners(), me.target);
                state.names |= bit;
                me.table |= bit;
                me.ticket = me.target;
                me.standing = blockers == 0 ? Standing.GRANTED : Standing.WAITING;
                if (blockers != 0) {
                    note(blockers, state, me);
                }
            }
            case BIND -> {
                state.bound |= bit;
                me.standing = Standing.NONE;
                me.ticket = 0;
                me.acquires = 0;
            }
            case GUARD -> {
                state.unfenced |= isHeldAfter(state, me.target);
                leave(state, me);
                return;
            }
            case END -> {
                state.swept |= 1 << me.about;
                me.ending = -1;
                leave(state, me);
                return;
            }
            default -> {
                state.robbed |= me.errand == Errand.SWEEP && state.members[state.owner(me.target)].life != Life.DEAD;
                state.names &= ~bit;
                int told = forget(state, me, me.target);
                me.ringing |= mistake == Mistake.NOBODY_TOLD ? 0 : told;
            }
        }
        if (mistake == Mistake.NAME_BEFORE_ANNOUNCEMENT) {
            me.at = At.ANNOUNCE;
        } else {
            afterChange(state, me);
        }
    }

    /** As {@code TicketBook.forget}; returns those let in. */
    private int forget(SectionState state, Member me, int removed) {
        me.table &= ~SectionState.bit(removed);
        int admitted = rules.admittedBy(me.table, state.owners(), removed);
        boolean looks = mistake != Mistake.OTHERS_IN_THE_WAY_NOT_LOOKED_AT;
        int waiting = looks ? rules.stillBlockedAfter(me.table, state.owners(), removed) : 0;
        for (int ticket = 1; ticket <= state.lastTicket(); ticket++) {
            if ((waiting & SectionState.bit(ticket)) != 0) {
                admitted |= clearBefore(state, me, ticket, admitted);
                boolean isFree = rules.isGranted(me.table, state.owners(), ticket);
                admitted |= isFree ? SectionState.bit(ticket) : 0;
            }
        }
        return admitted;
    }

    /** As {@code TicketBook.isHeldUp}: takes away what is gone, as far as something that is there. */
    private int clearBefore(SectionState state, Member me, int ticket, int admitted) {
        int letIn = admitted;
        while (true) {
            int decisive = rules.decisiveFor(me.table, state.owners(), ticket);
            if (decisive == 0) {
                return letIn;
            }
            for (int each = 1; each <= state.lastTicket(); each++) {
                int bit = SectionState.bit(each);
                if ((decisive & bit) != 0) {
                    if ((state.names & bit) != 0) {
                        return letIn;
                    }
                    dropUnannounced(me, each);
                    letIn |= rules.admittedBy(me.table, state.owners(), each);
                }
            }
        }
    }

    /** Whether one of the living holds what conflicts with an earlier ticket, whoever had that. */
    private boolean isHeldAfter(SectionState state, int earlier) {
        for (Member other : state.members) {
            boolean holds = other.life == Life.ALIVE
                    && other.standing == Standing.GRANTED
                    && other.ticket > earlier
                    && state.hasName(other.ticket);
            int both = SectionState.bit(earlier) | SectionState.bit(other.ticket);
            if (holds && !rules.isGranted(both, state.owners(), other.ticket)) {
                return true;
            }
        }
        return false;
    }

    private void afterChange(SectionState state, Member me) {
        me.seen = me.last;
        if (me.errand == Errand.SWEEP) {
            sweepNext(state, me);
        } else {
            giveUpIfOwn(me);
            leave(state, me);
        }
    }

    static void leave(SectionState state, Member me) {
        state.thefts -= me.errand == Errand.STEAL ? 1 : 0;
        if (me.at != At.TOUCH_OUTSIDE) {
            state.inside = -1;
        }
        me.leave();
    }

    static void tear(SectionState state, Member me) {
        state.spoil(me.last + 1);
    }

    private void comeFor(Errand errand, int about, SectionState state, int p) {
        Member me = state.members[p];
        state.inside = p;
        me.errand = errand;
        me.about = about;
        memory.begin(state, me);
        if (memory.isLatestFinished(state, me)) {
            proceed(state, me);
        } else {
            repair(state, me);
        }
    }
}
