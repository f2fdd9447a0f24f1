package dev.agentcoord.fs;

import dev.agentcoord.LockRequest;
import dev.agentcoord.fs.SectionState.At;
import dev.agentcoord.fs.SectionState.Errand;
import dev.agentcoord.fs.SectionState.Life;
import dev.agentcoord.fs.SectionState.Member;
import dev.agentcoord.fs.SectionState.Standing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of the section, step by step, with everything that can go wrong between two steps: a process dies, an entry of the ring is
 * written in part, a call fails. Whatever touches only a process's own memory is joined with the step before it, since a death in
 * between leaves the same; so is leaving, as the kernel opens the lock of the dead.
 *
 * <p>The steps follow {@link Turn}, {@link TicketBook}, {@link TicketNews}, {@link FsTicketStore}, {@link Removal}, {@link Lingering},
 * {@link StateCommit}, {@link Theft} and {@link Reaper}; a process has one ticket at a time, and no task claims anything. Who is granted
 * and who is let in is asked of the product's own table.
 */
final class SectionModel implements Explorer.Model<SectionState> {
    private final Limits limits;
    private final SectionRules rules;
    private final Mistake mistake;
    private final SectionMemory memory;
    private final SectionInside inside;
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
            int thefts,
            boolean lingering,
            int binds,
            int guards,
            int damages) {
        Limits(
                List<LockRequest> requests,
                int early,
                int ring,
                int acquires,
                int others,
                int crashes,
                int failures,
                int thefts) {
            this(requests, early, ring, acquires, others, crashes, failures, thefts, false, 0, 0, 0);
        }

        /** With waiters that stay awake, so many locks that become a task's, and so many writes that require the writer's lock. */
        Limits lingering(int bindings, int guarded) {
            return new Limits(
                    requests, early, ring, acquires, others, crashes, failures, thefts, true, bindings, guarded,
                    damages);
        }

        /** With so many times that the latest change becomes unreadable, as on a failing disk. */
        Limits damaged(int times) {
            return new Limits(
                    requests, early, ring, acquires, others, crashes, failures, thefts, lingering, binds, guards,
                    times);
        }

        /** The highest position that may be reached: each block that cannot be read may have had one. */
        int positions() {
            return requests.size() * acquires + unreadable();
        }

        private int unreadable() {
            return crashes + failures + damages;
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
        MISSING_NAME_NEVER_CLEARED,
        MISSING_NAME_TAKEN_FOR_A_RELEASE,
        CHANGES_READ_BEFORE_THE_NAME,
        REQUIRED_LOCK_ASKED_FOR_ONCE,
        LOCK_OUTLIVES_ITS_HOLDER,
        NEWS_NOT_READ,
        NEWS_READ_BEFORE_LETTING_GO,
        WHO_WAITS_FOR_MORE_FORGOTTEN,
        OTHERS_IN_THE_WAY_NOT_LOOKED_AT,
        UNREADABLE_BLOCK_WRITTEN_AGAIN
    }

    SectionModel(Limits limits, Mistake mistake) {
        this.limits = limits;
        this.rules = new SectionRules(limits.requests);
        this.mistake = mistake;
        this.memory = new SectionMemory(mistake);
        this.inside = new SectionInside(rules, mistake, memory, limits.lingering);
        this.promises = new SectionPromises(this, limits);
    }

    SectionRules rules() {
        return rules;
    }

    @Override
    public SectionState initial() {
        int changes = 6 * limits.requests.size() * limits.acquires
                + limits.unreadable()
                + 2 * limits.requests.size() * (1 + limits.others)
                + 8
                + 2 * (limits.binds + limits.guards);
        List<Member> members = new ArrayList<>();
        for (LockRequest request : limits.requests) {
            Member member = new Member(limits.requests.indexOf(request));
            member.life = members.size() < limits.early ? Life.ALIVE : Life.UNBORN;
            member.acquires = limits.acquires;
            member.others = limits.others;
            members.add(member);
        }
        SectionState state = new SectionState(members, limits.ring, limits.positions(), changes);
        state.crashes = limits.crashes;
        state.failures = limits.failures;
        state.thefts = limits.thefts;
        state.binds = limits.binds;
        state.guards = limits.guards;
        state.damages = limits.damages;
        return state;
    }

    @Override
    public void stepsFrom(SectionState state, Explorer.Sink<SectionState> sink) {
        for (int p = 0; p < state.members.length; p++) {
            Member member = state.members[p];
            SectionSteps steps = new SectionSteps(state, p, sink);
            if (member.life == Life.UNBORN) {
                if (state.inside < 0) {
                    steps.add("start", -1, memory::start);
                }
            } else if (member.life == Life.ALIVE) {
                faults(steps, member);
                work(steps, member);
                withoutEntering(steps, member);
            }
        }
    }

    private void faults(SectionSteps steps, Member member) {
        if (steps.from().damages > 0 && steps.from().latest() > 1) {
            steps.add("damages the latest change", -1, (state, me) -> {
                state.damages--;
                state.spoil(state.latest());
            });
        }
        boolean writesRing = member.at == At.ANNOUNCE || member.at == At.REPAIR;
        if (steps.from().crashes > 0) {
            steps.add("dies", -1, this::die);
            if (writesRing) {
                steps.add("dies writing", -1, (state, me) -> {
                    SectionInside.tear(state, me);
                    die(state, me);
                });
            }
        }
        if (steps.from().failures > 0 && (writesRing || member.at == At.TOUCH)) {
            steps.add("fails", -1, this::fail);
        }
    }

    private void work(SectionSteps steps, Member member) {
        if (steps.from().inside == steps.process() || member.at == At.TOUCH_OUTSIDE) {
            inside.goOn(steps, member);
        } else if (member.ringing != 0) {
            steps.add("rings", -1, (state, me) -> {
                state.hinted |= me.ringing & state.names;
                me.ringing = 0;
            });
        } else if (steps.from().inside < 0) {
            errands(steps, member);
        }
    }

    /** What a process does whoever is inside; while it is inside itself, another thread of it. */
    private void withoutEntering(SectionSteps steps, Member member) {
        SectionState state = steps.from();
        boolean holds = member.standing == Standing.GRANTED && state.hasOwnName(member.ticket);
        if (holds && member.ringing == 0 && (state.inside != steps.process() || member.errand == Errand.GUARD)) {
            steps.add("lets go", member.ticket, (next, me) -> {
                next.names &= ~SectionState.bit(me.ticket);
                next.letGo |= SectionState.bit(me.ticket);
                me.standing = Standing.LEAVING;
                if (me.sawNobody) {
                    inside.goUnannounced(me);
                }
            });
        }
        goUnannounced(steps, member);
        if (state.inside != steps.process() && member.standing == Standing.WAITING && member.before != 0) {
            linger(steps, member);
        }
    }

    /** As {@code Removal.letGoUnannounced}: what the changes say and what is remembered; a wrong program before it lets go. */
    private void goUnannounced(SectionSteps steps, Member member) {
        boolean readsFirst = mistake == Mistake.NEWS_READ_BEFORE_LETTING_GO;
        boolean asks = readsFirst
                ? member.standing == Standing.GRANTED
                        && !member.sawNobody
                        && steps.from().hasOwnName(member.ticket)
                : member.standing == Standing.LEAVING && steps.from().isLetGo(member.ticket);
        if (asks && steps.from().inside != steps.process() && inside.mayGoUnannounced(steps.from(), member)) {
            steps.add("finds that nobody waits", member.ticket, (next, me) -> {
                me.sawNobody = readsFirst;
                if (!readsFirst) {
                    inside.goUnannounced(me);
                }
            });
        }
    }

    /** It looks for the name, and once that is gone at the changes: a wrong program the other way round. */
    private void linger(SectionSteps steps, Member member) {
        boolean readsFirst = mistake == Mistake.CHANGES_READ_BEFORE_THE_NAME;
        boolean isGone = !steps.from().hasOwnName(member.before);
        if (!member.sawItGone && (isGone || readsFirst)) {
            steps.add(readsFirst ? "reads the changes" : "sees it gone", member.before, (next, me) -> {
                me.sawItGone = !readsFirst || SectionMemory.isQuietSince(next, me.since);
                if (!me.sawItGone) {
                    me.stopLingering();
                }
            });
        } else if (member.sawItGone && (isGone || !readsFirst)) {
            steps.add(readsFirst ? "sees it gone" : "reads the changes", member.before, (next, me) -> {
                boolean certain = readsFirst
                        || mistake == Mistake.MISSING_NAME_TAKEN_FOR_A_RELEASE
                        || SectionMemory.isQuietSince(next, me.since);
                if (certain && next.hasName(me.ticket)) {
                    me.standing = Standing.GRANTED;
                }
                me.stopLingering();
            });
        }
    }

    private void errands(SectionSteps steps, Member member) {
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
        if (member.clearing != 0) {
            enter(steps, Errand.CLEAR, member.clearing);
        }
        if (member.standing == Standing.GRANTED && steps.from().binds > 0) {
            enter(steps, Errand.BIND, member.ticket);
        }
        if (member.standing == Standing.GRANTED && steps.from().guards > 0) {
            enter(steps, Errand.GUARD, member.ticket);
        }
        if (member.others > 0) {
            enter(steps, Errand.OTHER, 0);
        }
        for (int other = 0; other < steps.from().members.length; other++) {
            boolean dead = steps.from().members[other].life == Life.DEAD;
            boolean taken = mistake == Mistake.LIVING_SWEPT ? other != steps.process() : dead;
            if (taken && (steps.from().swept & 1 << other) == 0) {
                enter(steps, mistake == Mistake.RECORD_SWEPT_FIRST ? Errand.END : Errand.SWEEP, other);
            }
        }
        thefts(steps);
    }

    private void thefts(SectionSteps steps) {
        SectionState state = steps.from();
        for (int ticket = 1; state.thefts > 0 && ticket <= state.lastTicket(); ticket++) {
            if (state.hasOwnName(ticket)
                    && state.owner(ticket) != steps.process()
                    && state.members[state.owner(ticket)].life == Life.ALIVE) {
                enter(steps, Errand.STEAL, ticket);
            }
        }
    }

    private void enter(SectionSteps steps, Errand errand, int about) {
        steps.add(errand.name(), about, (state, me) -> {
            state.inside = steps.process();
            me.errand = errand;
            me.about = about;
            memory.begin(state, me);
            if (memory.isLatestFinished(state, me)) {
                inside.proceed(state, me);
            } else {
                me.at = At.REPAIR;
            }
        });
    }

    private void die(SectionState state, Member me) {
        state.crashes--;
        if (state.inside >= 0 && state.members[state.inside] == me && mistake != Mistake.LOCK_OUTLIVES_ITS_HOLDER) {
            state.inside = -1;
        }
        for (int ticket = 1; ticket <= state.lastTicket(); ticket++) {
            if (state.hasName(ticket) && state.members[state.owner(ticket)] == me) {
                state.hinted &= ~SectionState.bit(ticket);
            }
        }
        me.die();
    }

    /** A call failed, so the body throws; a removal of one's own is tried again later. */
    private void fail(SectionState state, Member me) {
        state.failures--;
        if (me.at != At.TOUCH) {
            SectionInside.tear(state, me);
        }
        me.foreign |= mistake != Mistake.OWN_FAILURE_FORGOTTEN;
        if (me.errand == Errand.GIVE_UP) {
            me.standing = Standing.LEAVING;
        }
        SectionInside.leave(state, me);
    }

    @Override
    public @Nullable String brokenBy(SectionState state) {
        return promises.brokenBy(state);
    }

    SectionInside inside() {
        return inside;
    }
}
