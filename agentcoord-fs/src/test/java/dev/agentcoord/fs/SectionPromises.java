package dev.agentcoord.fs;

import dev.agentcoord.fs.SectionState.Life;
import dev.agentcoord.fs.SectionState.Member;
import dev.agentcoord.fs.SectionState.Standing;
import org.jspecify.annotations.Nullable;

/** What the protocol of {@link SectionModel} promises in every state that it can reach. */
final class SectionPromises {
    private final SectionModel model;
    private final SectionModel.Limits limits;
    private final SectionRules rules;

    SectionPromises(SectionModel model, SectionModel.Limits limits) {
        this.model = model;
        this.limits = limits;
        this.rules = model.rules();
    }

    /** The promise that a state breaks, or null. */
    @Nullable String brokenBy(SectionState state) {
        if (state.inside >= 0 && state.members[state.inside].life != Life.ALIVE) {
            return "the section is never left unusable";
        }
        if (state.repeated) {
            return "no position repeats";
        }
        if (state.inexact) {
            return "what is decided on is what the names say";
        }
        if (state.unfenced) {
            return "nothing is written under a lock that somebody else has by now";
        }
        if (state.robbed) {
            return "no ticket of the living is swept";
        }
        for (int p = 0; p < state.members.length; p++) {
            String broken = brokenBy(state, p);
            if (broken != null) {
                return broken;
            }
        }
        return null;
    }

    private @Nullable String brokenBy(SectionState state, int p) {
        Member me = state.members[p];
        if ((state.swept & 1 << p) != 0 && hasTicket(state, p)) {
            return "one sweep leaves nothing";
        }
        if (me.life != Life.ALIVE || (me.standing != Standing.GRANTED && me.standing != Standing.WAITING)) {
            return null;
        }
        if (!state.hasName(me.ticket)) {
            boolean marked = (state.marks & SectionState.bit(me.ticket)) != 0;
            return marked ? null : "whoever loses a ticket can tell why";
        }
        if (me.standing == Standing.GRANTED) {
            return rulesOfHolder(state, p);
        }
        return rulesOfWaiter(state, p);
    }

    private static boolean hasTicket(SectionState state, int owner) {
        for (int ticket = 1; ticket <= state.lastTicket(); ticket++) {
            if (state.hasOwnName(ticket) && state.owner(ticket) == owner) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String rulesOfHolder(SectionState state, int p) {
        Member me = state.members[p];
        for (Member other : state.members) {
            boolean holds = other != me
                    && other.life == Life.ALIVE
                    && other.standing == Standing.GRANTED
                    && state.hasName(other.ticket);
            if (holds && other.ticket < me.ticket && conflict(state, other.ticket, me.ticket)) {
                return "no two of the living hold what conflicts";
            }
        }
        for (int ticket = 1; ticket < me.ticket; ticket++) {
            if (state.isBound(ticket) && conflict(state, ticket, me.ticket)) {
                return "what a task holds nobody else does";
            }
        }
        return null;
    }

    private boolean conflict(SectionState state, int earlier, int later) {
        return !rules.isGranted(SectionState.bit(earlier) | SectionState.bit(later), state.owners(), later);
    }

    private @Nullable String rulesOfWaiter(SectionState state, int p) {
        Member me = state.members[p];
        if (state.inside >= 0 || !rules.isGranted(state.names, state.owners(), me.ticket)) {
            return null;
        }
        boolean undisturbed = state.crashes == limits.crashes() && state.failures == limits.failures();
        boolean quiet = true;
        for (Member each : state.members) {
            quiet &= each.ringing == 0 && each.standing != Standing.LEAVING;
        }
        if (undisturbed && quiet && me.clearing == 0 && (state.hinted & SectionState.bit(me.ticket)) == 0) {
            return "whoever is let in is told";
        }
        return model.inside().findsOut(state.copyFor(p), p) ? null : "whoever is let in finds it out";
    }
}
