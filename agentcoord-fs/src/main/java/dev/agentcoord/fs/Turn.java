package dev.agentcoord.fs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one may do while inside the {@link Section}: take positions, announce changes, see the changes of others. Valid only until the
 * body returns, on the thread that entered.
 */
final class Turn {
    /** Positions reserved on the disk at a time. */
    static final long RESERVE = 1L << 20;

    private final OrderFile order;
    private final Ring seen = new Ring();
    private OrderFile.Entry last;
    private OrderFile.Reservation reservation;
    private long position;
    private boolean foreign = true;

    Turn(OrderFile order, OrderFile.Reservation reservation, OrderFile.Entry last) {
        this.order = order;
        this.reservation = reservation;
        this.last = last;
        this.position = last.position();
    }

    /** Catches up with what other processes announced since this process was last inside. */
    void begin() throws IOException {
        position = last.position();
        List<OrderFile.Entry> news = order.after(last.number());
        if (news == null) {
            seen.clear();
            setLast(latest());
            skipUnreadable();
        } else if (!news.isEmpty()) {
            news.forEach(seen::add);
            setLast(news.get(news.size() - 1));
        }
    }

    private OrderFile.Entry latest() throws IOException {
        OrderFile.Entry latest = order.latest();
        return latest == null || latest.number() < last.number() ? last : latest;
    }

    /**
     * Whoever wrote what can not be read any more may have seen it: its number and its position are not given out again, and everybody
     * else lists the names as well when it comes by.
     */
    private void skipUnreadable() throws IOException {
        for (int i = 0; i < OrderFile.RING && order.isUnreadable(last.number() + 1); i++) {
            setLast(new OrderFile.Entry(last.number() + 1, last.position() + 1, Change.NOTHING));
        }
    }

    private void setLast(OrderFile.Entry entry) {
        last = entry;
        position = entry.position();
        foreign = true;
    }

    /** The next position of the space's total order. It counts as taken once a change is announced after it. */
    long nextPosition() throws IOException {
        if (position >= reservation.ceiling()) {
            reserveNow();
        }
        return ++position;
    }

    /** Only when reserving outside the section came too late, as after a long stop of the process that did it. */
    private void reserveNow() throws IOException {
        reservation = current();
        if (position >= reservation.ceiling()) {
            long target = promise();
            order.sync();
            raise(target);
        }
    }

    /**
     * Announces a change before its name is touched, so that a process that dies in between is noticed: the next to enter finds the
     * announcement last and looks whether the name agrees.
     */
    void announce(Change.Kind kind, String name) throws IOException {
        announce(List.of(new Change(kind, name)));
    }

    /** Announces several, at most {@link OrderFile#AT_ONCE}, in their order; whoever dies meanwhile may have announced the first of them only. */
    void announce(List<Change> changes) throws IOException {
        List<OrderFile.Entry> entries = new ArrayList<>(changes.size());
        for (Change change : changes) {
            entries.add(new OrderFile.Entry(last.number() + 1 + entries.size(), position, change));
        }
        order.write(entries);
        entries.forEach(seen::add);
        last = entries.get(entries.size() - 1);
        foreign = false;
    }

    /** Whether nobody has announced anything since this process was last inside. To be asked without entering, by one thread at a time. */
    boolean isUpToDate() throws IOException {
        return !foreign && order.isLatest(last.number());
    }

    /** The number of the latest change; it rises with each. */
    long change() {
        return last.number();
    }

    /** The latest change, whoever announced it. */
    Change latestChange() {
        return last.change();
    }

    /** Whether the latest change was announced by another process, or by a turn of this one that failed: it may be unfinished. */
    boolean mayBeUnfinished() {
        return foreign;
    }

    /** The changes after that number, in order; null when they are no longer known, so that the names have to be listed. */
    @Nullable List<Change> since(long number) {
        return seen.since(number, last.number());
    }

    /** Tickets at or below this position are of an earlier boot, and void. */
    long floor() {
        return reservation.floor();
    }

    boolean isReserveLow() {
        return reservation.ceiling() - position < RESERVE / 2;
    }

    void doubtLatest() {
        foreign = true;
    }

    /** It was looked whether the latest change is finished. */
    void trustLatest() {
        foreign = false;
    }

    /** First half of reserving more: says how far a later boot has to skip. The file is to be synced before {@link #raise}. */
    long promise() throws IOException {
        OrderFile.Reservation now = current();
        long target = Math.max(now.promised(), position + RESERVE);
        order.write(new OrderFile.Reservation(now.sequence() + 1, now.boot(), now.floor(), now.ceiling(), target));
        return target;
    }

    /** Second half: what this process promised, and is on the disk by now, may be given out. */
    void raise(long synced) throws IOException {
        OrderFile.Reservation now = current();
        long ceiling = Math.max(now.ceiling(), synced);
        reservation = new OrderFile.Reservation(now.sequence() + 1, now.boot(), now.floor(), ceiling, now.promised());
        order.write(reservation);
    }

    private OrderFile.Reservation current() throws IOException {
        OrderFile.Reservation now = order.reservation();
        return now == null ? reservation : now;
    }

    /** The latest changes this process has seen or made, as many as the file's ring holds. */
    private static final class Ring {
        private final OrderFile.Entry[] entries = new OrderFile.Entry[OrderFile.RING];

        void add(OrderFile.Entry entry) {
            entries[(int) (entry.number() % OrderFile.RING)] = entry;
        }

        void clear() {
            Arrays.fill(entries, null);
        }

        @Nullable List<Change> since(long number, long last) {
            if (last - number > OrderFile.RING) {
                return null;
            }
            List<Change> news = number == last ? List.of() : new ArrayList<>();
            for (long n = number + 1; n <= last; n++) {
                OrderFile.Entry entry = entries[(int) (n % OrderFile.RING)];
                if (entry == null || entry.number() != n) {
                    return null;
                }
                news.add(entry.change());
            }
            return news;
        }
    }
}
