package dev.agentcoord.fs;

import dev.agentcoord.fs.SectionModel.Mistake;
import dev.agentcoord.fs.SectionState.Entry;
import dev.agentcoord.fs.SectionState.Life;
import dev.agentcoord.fs.SectionState.Member;

/** In {@link SectionModel}, what a process remembers of tickets, and how it catches up with the changes of others when it enters. */
final class SectionMemory {
    private final Mistake mistake;

    SectionMemory(Mistake mistake) {
        this.mistake = mistake;
    }

    /** As {@code Section.firstTurn}. */
    void start(SectionState state, Member me) {
        me.life = Life.ALIVE;
        jumpToLatest(state, me);
    }

    private void jumpToLatest(SectionState state, Member me) {
        if (state.latest() >= me.last) {
            me.last = state.latest();
            me.position = state.entry(me.last).position();
        }
        if (mistake != Mistake.UNREADABLE_BLOCK_WRITTEN_AGAIN) {
            skipUnreadable(state, me);
        }
        me.knownSince = me.last;
        me.foreign = true;
    }

    /** As {@code Turn.skipUnreadable}. */
    private static void skipUnreadable(SectionState state, Member me) {
        while (state.isUnreadable(me.last + 1)) {
            me.last++;
            me.position++;
        }
    }

    /** As {@code Turn.begin}. */
    void begin(SectionState state, Member me) {
        while (true) {
            int next = state.block(me.last + 1);
            boolean torn = state.isUnreadable(me.last + 1) && mistake != Mistake.TORN_BLOCK_TAKEN_FOR_THE_END;
            if (torn || (next > me.last + 1 && mistake != Mistake.RING_OVERRUN_NOT_NOTICED)) {
                jumpToLatest(state, me);
                return;
            }
            if (next != me.last + 1) {
                return;
            }
            me.last = next;
            me.position = mistake == Mistake.POSITION_FROM_MEMORY
                    ? me.position
                    : state.entry(next).position();
            me.foreign = true;
        }
    }

    /** As {@code Section.finishOthers}; false while a correction has to be announced. */
    boolean isLatestFinished(SectionState state, Member me) {
        boolean looks = mistake != Mistake.LATEST_NOT_LOOKED_AT
                && (me.errand.isAboutTickets() || mistake != Mistake.LATEST_LOOKED_AT_FOR_TICKETS_ONLY);
        Entry latest = state.entry(me.last);
        boolean added = latest.kind() == Change.Kind.TICKET_ADDED;
        boolean agrees = !latest.isOfTicket() || state.hasName(latest.ticket()) == added;
        if (me.foreign && looks && !agrees) {
            return false;
        }
        me.foreign = false;
        return true;
    }

    /** As {@code TicketBook.update}. */
    void catchUp(SectionState state, Member me) {
        if (me.last == me.seen || (mistake == Mistake.TABLE_FROM_MEMORY && me.seen >= 0)) {
            return;
        }
        boolean known = me.seen >= me.knownSince && me.last - me.seen <= state.ringLength();
        if (known) {
            apply(state, me);
        } else {
            me.table = state.names;
        }
        me.seen = me.last;
    }

    private static void apply(SectionState state, Member me) {
        for (int n = me.seen + 1; n <= me.last; n++) {
            Entry entry = state.entry(n);
            if (entry.isOfTicket() && !isSuperseded(state, n, me.last)) {
                boolean added = entry.kind() == Change.Kind.TICKET_ADDED;
                setInTable(me, entry.ticket(), added);
                me.unannounced &= added ? -1 : ~SectionState.bit(entry.ticket());
            }
        }
    }

    /** As {@code Section.isQuietSince}. */
    static boolean isQuietSince(SectionState state, int change) {
        for (int next = change + 1; ; next++) {
            int there = state.block(next);
            if (state.isUnreadable(next) || there > next || (there == next && isUnquiet(state.entry(next)))) {
                return false;
            }
            if (there < next) {
                return true;
            }
        }
    }

    /** Whether under such a change a name goes though its lock does not, or a lock is relied on. */
    static boolean isUnquiet(Entry entry) {
        return entry.kind() == Change.Kind.TICKET_BOUND || entry.kind() == Change.Kind.STATE;
    }

    /** As {@code Turn.isUpToDate}, and the table with it. */
    boolean isUpToDate(SectionState state, Member me) {
        int next = state.block(me.last + 1);
        boolean isLatest = !state.isUnreadable(me.last + 1) && next <= me.last;
        return !me.foreign && me.seen == me.last && (isLatest || mistake == Mistake.NEWS_NOT_READ);
    }

    private static boolean isSuperseded(SectionState state, int number, int last) {
        for (int n = number + 1; n <= last; n++) {
            if (state.entry(n).isOfTicket()
                    && state.entry(n).ticket() == state.entry(number).ticket()) {
                return true;
            }
        }
        return false;
    }

    static void setInTable(Member me, int ticket, boolean there) {
        int bit = SectionState.bit(ticket);
        me.table = there ? me.table | bit : me.table & ~bit;
    }

    static boolean isInTable(Member me, int ticket) {
        return (me.table & SectionState.bit(ticket)) != 0;
    }
}
