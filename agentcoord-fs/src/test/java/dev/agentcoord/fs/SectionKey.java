package dev.agentcoord.fs;

import dev.agentcoord.fs.SectionState.Entry;
import dev.agentcoord.fs.SectionState.Errand;
import dev.agentcoord.fs.SectionState.Life;
import dev.agentcoord.fs.SectionState.Member;
import java.util.Arrays;

/**
 * What of a state can still make a difference: numbers count from the oldest change that anybody may still look at, tickets from the
 * oldest that anybody may still meet, and processes that ask for the same can stand for each other. States that agree in it go on alike.
 */
final class SectionKey {
    private final SectionState state;
    private final int latest;
    /** The largest number that anybody knows of, though it may have become unreadable. */
    private final int top;

    private final int base;
    private final int tickets;
    private final byte[] out = new byte[256];
    private int length;

    SectionKey(SectionState state) {
        this.state = state;
        this.latest = state.latest();
        this.top = top();
        this.base = base();
        this.tickets = tickets();
    }

    byte[] bytes() {
        int[] ranks = putMembers();
        put(mapped(state.names), mapped(state.bound), mapped(state.letGo));
        put(mapped(state.hinted), mapped(state.marks & own()));
        put(
                state.crashes,
                state.failures,
                state.thefts,
                state.highest - state.entry(latest).position());
        put(state.binds, state.guards, state.damages);
        put(state.repeated ? 1 : 0, state.robbed ? 1 : 0, state.inexact ? 1 : 0, state.unfenced ? 1 : 0);
        for (int ticket = 1; ticket <= state.lastTicket(); ticket++) {
            if (isMet(ticket)) {
                put(ranks[state.owner(ticket)]);
            }
        }
        for (int number = base + 1; number <= top + 1 || state.isUnreadable(number - 1); number++) {
            putBlock(number);
        }
        return Arrays.copyOf(out, length);
    }

    /** Puts them sorted; returns the place of each. */
    private int[] putMembers() {
        int count = state.members.length;
        byte[][] each = new byte[count][];
        for (int i = 0; i < count; i++) {
            length = 0;
            put(state.members[i], i);
            each[i] = Arrays.copyOf(out, length);
        }
        int[] ranks = new int[count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                int order = Arrays.compare(each[j], each[i]);
                ranks[i] += order < 0 || (order == 0 && j < i) ? 1 : 0;
            }
        }
        byte[][] sorted = new byte[2 * count][];
        for (int i = 0; i < count; i++) {
            Member me = state.members[i];
            boolean aboutMember = me.errand == Errand.SWEEP || me.errand == Errand.END;
            int about = aboutMember ? ranks[me.about] : -1;
            sorted[ranks[i]] = each[i];
            sorted[count + ranks[i]] = new byte[] {(byte) about, (byte) (me.ending < 0 ? -1 : ranks[me.ending])};
        }
        length = 0;
        for (byte[] bytes : sorted) {
            System.arraycopy(bytes, 0, out, length, bytes.length);
            length += bytes.length;
        }
        return ranks;
    }

    @SuppressWarnings("EnumOrdinal")
    private void put(Member me, int index) {
        boolean behind = me.last < latest;
        put(me.kind, me.life.ordinal() * 16 + me.standing.ordinal() * 4 + (me.foreign || behind ? 1 : 0));
        put(me.acquires, me.others, state.swept >> index & 1);
        if (me.life != Life.ALIVE) {
            put(state.inside == index ? 1 : 0);
            return;
        }
        put(state.inside == index ? 1 : 0, me.errand.ordinal() * 16 + me.at.ordinal());
        put(name(me.ticket), name(me.target), isAboutTicket(me) ? name(me.about) : 0);
        put(mapped(me.unannounced), me.sawNobody ? 1 : 0);
        put(name(me.clearing), name(me.before), me.before == 0 ? 0 : me.since - base, me.sawItGone ? 1 : 0);
        put(matters(me, index) || !behind ? me.last - base : -1, remembers(me) ? me.seen - base : -1);
        put(matters(me, index) ? mapped(me.table) : 0, mapped(me.ringing));
        put(behind ? 0 : me.position - state.entry(latest).position());
    }

    @SuppressWarnings("EnumOrdinal")
    private void putBlock(int number) {
        int there = state.block(number);
        Entry entry = number <= top ? state.entry(number) : Entry.NONE;
        boolean ofTicket = entry.isOfTicket();
        boolean unquiet = SectionMemory.isUnquiet(entry);
        put(state.isUnreadable(number) ? 0 : Integer.signum(there - number) + 2);
        put(ofTicket || unquiet ? entry.kind().ordinal() : 0, ofTicket ? name(entry.ticket()) : 0);
    }

    private static boolean isAboutTicket(Member me) {
        return me.errand == Errand.STEAL || me.errand == Errand.CLEAR;
    }

    /** Whether its table can still be brought up to date. */
    private boolean remembers(Member me) {
        return me.seen >= me.knownSince && latest - me.seen <= state.ringLength();
    }

    /** Whether what is in its table can make a difference. */
    private boolean matters(Member me, int index) {
        return remembers(me) || (state.inside == index && me.errand.isAboutTickets());
    }

    private int top() {
        int top = latest;
        for (Member each : state.members) {
            top = Math.max(top, each.last);
        }
        return top;
    }

    private int base() {
        int base = latest - 1;
        for (Member each : state.members) {
            if (each.life == Life.ALIVE && remembers(each)) {
                base = Math.min(base, Math.min(each.seen, each.last));
            }
            if (each.before != 0) {
                base = Math.min(base, Math.max(each.since, latest - state.ringLength()));
            }
        }
        return base;
    }

    private int own() {
        int own = 0;
        for (Member each : state.members) {
            own |= set(each.ticket);
        }
        return own;
    }

    private int tickets() {
        int met = state.names | state.hinted | own();
        for (int i = 0; i < state.members.length; i++) {
            Member each = state.members[i];
            met |= (matters(each, i) ? each.table : 0) | each.ringing | set(each.target);
            met |= set(each.clearing) | set(each.before) | each.unannounced;
        }
        for (int number = base + 1; number <= top; number++) {
            met |= state.entry(number).isOfTicket() ? set(state.entry(number).ticket()) : 0;
        }
        return met;
    }

    private static int set(int ticket) {
        return ticket == 0 ? 0 : SectionState.bit(ticket);
    }

    private boolean isMet(int ticket) {
        return (tickets & SectionState.bit(ticket)) != 0;
    }

    private int name(int ticket) {
        return ticket == 0 ? 0 : 1 + Integer.bitCount(tickets & (SectionState.bit(ticket) - 1));
    }

    private int mapped(int set) {
        int mapped = 0;
        for (int ticket = 1, place = 0; ticket <= state.lastTicket(); ticket++) {
            if (isMet(ticket)) {
                mapped |= (set >> ticket & 1) << place++;
            }
        }
        return mapped;
    }

    private void put(int... values) {
        for (int value : values) {
            out[length++] = (byte) value;
        }
    }
}
