package dev.agentcoord.fs;

import dev.agentcoord.LockRequest;
import dev.agentcoord.fs.Explorer.Step;
import dev.agentcoord.fs.SectionState.At;
import dev.agentcoord.fs.SectionState.Entry;
import dev.agentcoord.fs.SectionState.Errand;
import dev.agentcoord.fs.SectionState.Life;
import dev.agentcoord.fs.SectionState.Member;
import dev.agentcoord.fs.SectionState.Standing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of the section, step by step, with everything that can go wrong between two steps: a process dies, an entry of the ring is
 * written in part, a call fails. Whatever touches only a process's own memory is joined with the step before it, since a death in
 * between leaves the same; so is leaving, as the kernel opens the lock of the dead.
 *
 * <p>The steps follow {@link Turn}, {@link TicketBook}, {@link FsTicketStore}, {@link Theft} and {@link Reaper}. Who is granted and who
 * is let in is asked of the product's own table.
 */
final class SectionModel implements Explorer.Model<SectionState> {
    private final Limits limits;
    private final SectionRules rules;
    private final Mistake mistake;
    private final SectionMemory memory;
    private final SectionPromises promises;

    /** How much may happen. The first {@code early} processes run from the beginning, the others may start whenever they like. */
    record Limits(
            List<LockRequest> requests,
            int early,
            int ring,
            int acquires,
            int others,
            int crashes,
            int failures,
            int thefts) {

        Limits ring(int blocks) {
            return new Limits(requests, early, blocks, acquires, others, crashes, failures, thefts);
        }

        int tickets() {
            return requests.size() * acquires;
        }
    }

    /** What a program could get wrong. */
    enum Mistake {
        NONE,
        NAME_BEFORE_ANNOUNCEMENT,
        LATEST_NOT_LOOKED_AT,
        LATEST_LOOKED_AT_FOR_TICKETS_ONLY,
        TORN_BLOCK_TAKEN_FOR_THE_END,
        RING_OVERRUN_NOT_NOTICED,
        POSITION_FROM_MEMORY,
        TABLE_FROM_MEMORY,
        NAME_TOUCHED_OUTSIDE,
        OWN_FAILURE_FORGOTTEN,
        MARK_LEFT_OUT,
        NOBODY_TOLD,
        LIVING_SWEPT,
        RECORD_SWEPT_FIRST,
        GRANTED_TO_WHOEVER_ASKS,
        NEVER_LOOKED_AGAIN,
        LOCK_OUTLIVES_ITS_HOLDER
    }

    SectionModel(Limits limits, Mistake mistake) {
        this.limits = limits;
        this.rules = new SectionRules(limits.requests);
        this.mistake = mistake;
        this.memory = new SectionMemory(mistake);
        this.promises = new SectionPromises(this, limits);
    }

    SectionRules rules() {
        return rules;
    }

    @Override
    public SectionState initial() {
        int changes = 4 * limits.tickets() + 2 * limits.requests.size() * (1 + limits.others) + 8;
        SectionState state = new SectionState(limits.requests.size(), limits.ring, limits.tickets(), changes);
        state.ring[1 % limits.ring] = 1;
        state.crashes = limits.crashes;
        state.failures = limits.failures;
        state.thefts = limits.thefts;
        for (int i = 0; i < state.members.length; i++) {
            Member member = new Member(limits.requests.indexOf(limits.requests.get(i)));
            member.life = i < limits.early ? Life.ALIVE : Life.UNBORN;
            member.acquires = limits.acquires;
            member.others = limits.others;
            state.members[i] = member;
        }
        return state;
    }

    /** A change of a copy. */
    private interface Edit {
        void of(SectionState state, Member member);
    }

    /** Makes steps of one process. */
    private record Steps(SectionState from, int process, Explorer.Sink<SectionState> sink) {
        void add(String what, int number, Edit change) {
            SectionState next = from.copy();
            change.of(next, next.members[process]);
            sink.step(new Step(process, what, number), next);
        }
    }

    @Override
    public void stepsFrom(SectionState state, Explorer.Sink<SectionState> sink) {
        for (int p = 0; p < state.members.length; p++) {
            Member member = state.members[p];
            Steps steps = new Steps(state, p, sink);
            if (member.life == Life.UNBORN) {
                if (state.inside < 0) {
                    steps.add("start", -1, memory::start);
                }
            } else if (member.life == Life.ALIVE) {
                faults(steps, member);
                work(steps, member);
            }
        }
    }

    private void faults(Steps steps, Member member) {
        boolean writesRing = member.at == At.ANNOUNCE || member.at == At.REPAIR;
        if (steps.from.crashes > 0) {
            steps.add("dies", -1, this::die);
            if (writesRing) {
                steps.add("dies writing", -1, (state, me) -> {
                    tear(state, me);
                    die(state, me);
                });
            }
        }
        if (steps.from.failures > 0 && (writesRing || member.at == At.TOUCH)) {
            steps.add("fails", -1, this::fail);
        }
    }

    private void work(Steps steps, Member member) {
        if (steps.from.inside == steps.process || member.at == At.TOUCH_OUTSIDE) {
            goOn(steps, member);
        } else if (member.ringing != 0) {
            steps.add("rings", -1, (state, me) -> {
                state.hinted |= me.ringing & state.names;
                me.ringing = 0;
            });
        } else if (steps.from.inside < 0) {
            errands(steps, member);
        }
    }

    private void errands(Steps steps, Member member) {
        if (member.ending >= 0) {
            enter(steps, Errand.END, member.ending);
            return;
        }
        if (member.standing == Standing.NONE && member.acquires > 0) {
            enter(steps, Errand.ACQUIRE, 0);
        }
        if (member.standing != Standing.NONE) {
            enter(steps, Errand.GIVE_UP, member.ticket);
        }
        if (member.standing == Standing.WAITING || member.standing == Standing.GRANTED) {
            enter(steps, Errand.LOOK, member.ticket);
        }
        if (member.others > 0) {
            enter(steps, Errand.OTHER, 0);
        }
        for (int other = 0; other < steps.from.members.length; other++) {
            boolean dead = steps.from.members[other].life == Life.DEAD;
            boolean taken = mistake == Mistake.LIVING_SWEPT ? other != steps.process : dead;
            if (taken && (steps.from.swept & 1 << other) == 0) {
                enter(steps, mistake == Mistake.RECORD_SWEPT_FIRST ? Errand.END : Errand.SWEEP, other);
            }
        }
        thefts(steps);
    }

    private void thefts(Steps steps) {
        SectionState state = steps.from;
        for (int ticket = 1; state.thefts > 0 && ticket < state.owners.length; ticket++) {
            if (state.hasName(ticket)
                    && state.owners[ticket] != steps.process
                    && state.members[state.owners[ticket]].life == Life.ALIVE) {
                enter(steps, Errand.STEAL, ticket);
            }
        }
    }

    private void enter(Steps steps, Errand errand, int about) {
        steps.add(errand.name(), about, (state, me) -> {
            state.inside = steps.process;
            me.errand = errand;
            me.about = about;
            memory.begin(state, me);
            if (memory.isLatestFinished(state, me)) {
                proceed(state, me);
            } else {
                me.at = At.REPAIR;
            }
        });
    }

    private void proceed(SectionState state, Member me) {
        if (me.errand.isAboutTickets()) {
            memory.catchUp(state, me);
            decide(state, me);
        } else {
            me.at = At.ANNOUNCE;
        }
    }

    private void decide(SectionState state, Member me) {
        state.inexact |= me.table != state.names;
        me.target = me.about;
        switch (me.errand) {
            case ACQUIRE -> {
                me.acquires--;
                me.target = me.position + 1;
                state.owners[me.target] = state.inside;
                me.at = first();
            }
            case GIVE_UP -> {
                me.standing = Standing.LEAVING;
                goOnIf(SectionMemory.isInTable(me, me.about), first(), state, me);
            }
            case LOOK -> {
                look(state, me);
                leave(state, me);
            }
            case STEAL ->
                goOnIf(
                        SectionMemory.isInTable(me, me.about),
                        mistake == Mistake.MARK_LEFT_OUT ? first() : At.MARK,
                        state,
                        me);
            case SWEEP -> sweepNext(state, me);
            default -> throw new IllegalStateException("nothing to decide for " + me.errand);
        }
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
            me.standing = Standing.NONE;
            me.ticket = 0;
        }
    }

    private At first() {
        return mistake == Mistake.NAME_BEFORE_ANNOUNCEMENT ? At.TOUCH : At.ANNOUNCE;
    }

    private void look(SectionState state, Member me) {
        state.hinted &= ~SectionState.bit(me.ticket);
        if (!SectionMemory.isInTable(me, me.ticket)) {
            me.standing = Standing.NONE;
            me.ticket = 0;
        } else if (mistake != Mistake.NEVER_LOOKED_AGAIN && rules.isGranted(me.table, state.owners, me.ticket)) {
            me.standing = Standing.GRANTED;
        }
    }

    private void sweepNext(SectionState state, Member me) {
        for (int ticket = 1; ticket < state.owners.length; ticket++) {
            if (SectionMemory.isInTable(me, ticket) && state.owners[ticket] == me.about) {
                me.target = ticket;
                me.at = first();
                return;
            }
        }
        me.ending = me.about;
        leave(state, me);
    }

    private void goOn(Steps steps, Member member) {
        switch (member.at) {
            case REPAIR -> steps.add("repairs", -1, this::repair);
            case MARK ->
                steps.add("marks", member.target, (state, me) -> {
                    state.marks |= SectionState.bit(me.target);
                    me.at = first();
                });
            case ANNOUNCE -> steps.add("announces", member.target, this::announce);
            case TOUCH, TOUCH_OUTSIDE -> steps.add("touches", member.target, this::touch);
            default -> throw new IllegalStateException("stuck inside");
        }
    }

    private void repair(SectionState state, Member me) {
        int ticket = state.log[me.last].ticket();
        boolean there = state.hasName(ticket);
        write(state, me, new Entry(there ? Change.Kind.TICKET_ADDED : Change.Kind.TICKET_REMOVED, ticket, me.position));
        proceed(state, me);
    }

    private void announce(SectionState state, Member me) {
        Change.Kind kind = switch (me.errand) {
            case ACQUIRE -> Change.Kind.TICKET_ADDED;
            case GIVE_UP, STEAL, SWEEP -> Change.Kind.TICKET_REMOVED;
            case END -> Change.Kind.SESSION_ENDED;
            default -> Change.Kind.QUEUE;
        };
        boolean first = mistake != Mistake.NAME_BEFORE_ANNOUNCEMENT;
        write(state, me, new Entry(kind, me.target, me.errand == Errand.ACQUIRE ? me.target : me.position));
        if (me.errand == Errand.OTHER) {
            me.others--;
            leave(state, me);
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

    private static void write(SectionState state, Member me, Entry entry) {
        int number = me.last + 1;
        state.log[number] = entry;
        state.ring[number % state.ring.length] = number;
        me.last = number;
        me.position = entry.position();
        me.foreign = false;
        if (number > state.ring.length) {
            state.log[number - state.ring.length] = Entry.NONE;
        }
    }

    private void touch(SectionState state, Member me) {
        int bit = SectionState.bit(me.target);
        switch (me.errand) {
            case ACQUIRE -> {
                state.repeated |= me.target <= state.highest;
                state.highest = Math.max(state.highest, me.target);
                boolean granted = mistake == Mistake.GRANTED_TO_WHOEVER_ASKS
                        || rules.isGranted(me.table, state.owners, me.target);
                state.names |= bit;
                me.table |= bit;
                me.ticket = me.target;
                me.standing = granted ? Standing.GRANTED : Standing.WAITING;
            }
            case END -> {
                state.swept |= 1 << me.about;
                me.ending = -1;
                leave(state, me);
                return;
            }
            default -> {
                state.robbed |= me.errand == Errand.SWEEP && state.members[state.owners[me.target]].life != Life.DEAD;
                state.names &= ~bit;
                me.table &= ~bit;
                int told = rules.admittedBy(me.table, state.owners, me.target);
                me.ringing |= mistake == Mistake.NOBODY_TOLD ? 0 : told;
            }
        }
        if (mistake == Mistake.NAME_BEFORE_ANNOUNCEMENT) {
            me.at = At.ANNOUNCE;
        } else {
            afterChange(state, me);
        }
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

    private static void leave(SectionState state, Member me) {
        state.thefts -= me.errand == Errand.STEAL ? 1 : 0;
        if (me.at != At.TOUCH_OUTSIDE) {
            state.inside = -1;
        }
        me.leave();
    }

    private void die(SectionState state, Member me) {
        state.crashes--;
        if (state.inside >= 0 && state.members[state.inside] == me && mistake != Mistake.LOCK_OUTLIVES_ITS_HOLDER) {
            state.inside = -1;
        }
        for (int ticket = 1; ticket < state.owners.length; ticket++) {
            if (state.hasName(ticket) && state.members[state.owners[ticket]] == me) {
                state.hinted &= ~SectionState.bit(ticket);
            }
        }
        me.die();
    }

    private static void tear(SectionState state, Member me) {
        state.ring[(me.last + 1) % state.ring.length] = SectionState.TORN;
    }

    /** A call failed, so the body throws; a removal of one's own is tried again later. */
    private void fail(SectionState state, Member me) {
        state.failures--;
        if (me.at != At.TOUCH) {
            tear(state, me);
        }
        me.foreign |= mistake != Mistake.OWN_FAILURE_FORGOTTEN;
        if (me.errand == Errand.GIVE_UP) {
            me.standing = Standing.LEAVING;
        }
        leave(state, me);
    }

    @Override
    public @Nullable String brokenBy(SectionState state) {
        return promises.brokenBy(state);
    }

    /** Whether a process that looks once more, in peace, finds its ticket granted; changes the state. */
    boolean findsOut(SectionState state, int p) {
        Member me = state.members[p];
        state.inside = p;
        me.errand = Errand.LOOK;
        memory.begin(state, me);
        if (memory.isLatestFinished(state, me)) {
            proceed(state, me);
        } else {
            repair(state, me);
        }
        return me.standing == Standing.GRANTED;
    }
}
