package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.StoreUnavailableException;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a space is decided and changed, but for a session that lets go of its own ticket: at most one thread of one process
 * is inside at a time, whatever dies or is interrupted. Inside: microseconds, no wait, no callback, and no sync but the one of a new lane. A body reads {@link Turn#since} to bring what it remembers up to
 * date, then for each change takes a position if it needs one, {@link Turn#announce announces} the change, and only then touches the
 * name. A body that throws leaves its last announcement in doubt, and the next to enter looks.
 *
 * <p>One instance per process and space, for the life of the process: closing any descriptor of the file would drop the lock.
 */
final class Section {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path path;
    private final Object identity;
    private final OrderFile order;
    private final KernelLock kernel;
    private final Unfinished unfinished;
    private final ReentrantLock threads = new ReentrantLock();
    private @Nullable Turn turn;
    private boolean entered;
    private volatile boolean reserving;
    private volatile boolean reset;

    private Section(Path path, Object identity, OrderFile order, Unfinished unfinished) {
        this.path = path;
        this.identity = identity;
        this.order = order;
        this.kernel = new KernelLock(order.channel());
        this.unfinished = unfinished;
    }

    /** What is done inside. */
    @FunctionalInterface
    interface Body<T> {
        /** Does it and returns; whatever waits or calls back comes after. */
        T run(Turn turn) throws IOException;
    }

    /** What somebody may have announced who did not live to do it; asked inside, before anything else is done there. */
    interface Unfinished {
        /** In a new boot, before anything else: does again what a power cut may have taken back since that position. */
        void redo(long since) throws IOException;

        /** Looks for a change of several names of the state that was left half done, and does the rest. */
        void finish() throws IOException;

        /** What is to be announced after a change whose name does not agree with it; null where it does. */
        @Nullable Change correction(Change latest) throws IOException;
    }

    /** A way into the section: the section's own, or a session's that looks first whether it still lives. */
    @FunctionalInterface
    interface Entrance {
        /** Runs the body inside and returns what it returns. */
        <T> T run(Body<T> body);
    }

    /** Opens the order file of a space and enters once, so that a new boot or a damaged file shows at once. */
    static Section open(Path path, UUID boot, Unfinished unfinished) throws IOException {
        Object identity = Disk.identity(path);
        if (identity == null || !Disk.isFile(path)) {
            throw new CorruptRecordException(path, path + " is not the order file of a space", null);
        }
        OrderFile order = new OrderFile(path);
        Section section = new Section(path, identity, order, unfinished);
        try {
            section.guarded(() -> section.turn = section.firstTurn(boot));
            return section;
        } catch (IOException | RuntimeException e) {
            // Collected some time later it would take the lock of the next attempt with it.
            order.close();
            throw e;
        }
    }

    /** Runs the body inside; throws {@link StoreUnavailableException} naming who is inside for too long, or when the store was wiped. */
    <T> T run(Body<T> body) {
        try {
            T result = guarded(() -> runInside(body));
            reserveIfLow();
            return result;
        } catch (IOException e) {
            throw Disk.unavailable(path, e);
        }
    }

    /** Whether the store was wiped or replaced under this process: it never comes back for those who knew it. */
    boolean isReset() {
        return reset;
    }

    /**
     * Whether it is certain, without entering, that since a change nobody has announced one of those under which a ticket's name goes
     * though its lock does not, or which rely on locks. To be asked after the name was found gone: each is announced before.
     */
    boolean isQuietSince(long change) {
        return aside(() -> {
            List<OrderFile.Entry> news = order.after(change);
            return news != null && isQuiet(news);
        });
    }

    /** What is done without entering, from what this process knows. */
    @FunctionalInterface
    interface Aside {
        /** Does it, or returns false and does nothing. */
        boolean run(Turn turn) throws IOException;
    }

    /** Does something without entering, by one thread of the process at a time; false where another is at it, or the file cannot be read. */
    boolean runAside(Aside body) {
        return aside(() -> !reset && body.run(mine()));
    }

    private boolean aside(Guarded<Boolean> question) {
        if (!threads.tryLock()) {
            return false;
        }
        try {
            return question.run();
        } catch (IOException | CorruptRecordException e) {
            return false;
        } finally {
            threads.unlock();
        }
    }

    private static boolean isQuiet(List<OrderFile.Entry> news) {
        for (OrderFile.Entry entry : news) {
            Change.Kind kind = entry.change().kind();
            if (kind == Change.Kind.TICKET_BOUND || kind == Change.Kind.STATE) {
                return false;
            }
        }
        return true;
    }

    private <T> T runInside(Body<T> body) throws IOException {
        Turn mine = mine();
        mine.begin();
        boolean done = false;
        try {
            finishOthers(mine);
            T result = body.run(mine);
            done = true;
            return result;
        } finally {
            if (!done) {
                mine.doubtLatest();
            }
        }
    }

    /**
     * As everybody who enters does so, only the latest change can be unfinished, and whoever remembers what the names are like may believe
     * each that another follows. A process that has never been inside cannot tell by that whether the state was left half done: the first
     * of a new boot announces a change of its own.
     */
    private void finishOthers(Turn mine) throws IOException {
        Change latest = mine.latestChange();
        boolean doubtful = mine.mayBeUnfinished();
        if ((doubtful && latest.kind() == Change.Kind.STATE) || !entered) {
            unfinished.finish();
            entered = true;
        }
        Change correction = doubtful ? unfinished.correction(latest) : null;
        if (correction != null) {
            mine.announce(correction.kind(), correction.name());
        }
        mine.trustLatest();
    }

    /** Something done with the lock held. */
    private interface Guarded<T> {
        T run() throws IOException;
    }

    private <T> T guarded(Guarded<T> body) throws IOException {
        if (threads.isHeldByCurrentThread()) {
            throw new IllegalStateException("the section is not re-entrant");
        }
        enterThreads();
        try {
            FileLock lock = kernel.take(PATIENCE);
            if (lock == null) {
                throw unavailable(holder() + " has been inside " + path + " for " + PATIENCE.toSeconds() + " s");
            }
            try {
                if (reset || !identity.equals(Disk.identity(path))) {
                    reset = true;
                    throw unavailable(path + " was wiped or replaced; whatever was held there is void: join again");
                }
                return body.run();
            } finally {
                kernel.leave(lock);
            }
        } finally {
            threads.unlock();
        }
    }

    private void enterThreads() {
        if (threads.tryLock()) {
            return;
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + 2 * PATIENCE.toNanos();
        while (true) {
            try {
                if (threads.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
                throw unavailable("other threads of this process wait for " + holder() + " to leave " + path);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private StoreUnavailableException unavailable(String what) {
        return new StoreUnavailableException(path, what, null);
    }

    private String holder() {
        return KernelLocks.holderOf(path).map(pid -> "process " + pid).orElse("another process");
    }

    private Turn firstTurn(UUID boot) throws IOException {
        OrderFile.Entry latest = order.latest();
        OrderFile.Entry last = latest != null ? latest : new OrderFile.Entry(0, 0, Change.NOTHING);
        OrderFile.Reservation reservation = order.reservation();
        if (reservation != null && reservation.boot().equals(boot)) {
            return new Turn(order, reservation, last);
        }
        return newBoot(boot, reservation, last);
    }

    /**
     * Nothing of an earlier boot counts any more, and positions go on where none was ever given out. None is given out before that is on
     * the disk, by nobody: another process may go on here if this one dies.
     */
    private Turn newBoot(UUID boot, OrderFile.@Nullable Reservation old, OrderFile.Entry last) throws IOException {
        long floor = old == null ? 0 : Math.max(old.promised(), last.position());
        long sequence = old == null ? 1 : old.sequence() + 1;
        long target = floor + Turn.RESERVE;
        OrderFile.Reservation fresh = new OrderFile.Reservation(sequence, boot, floor, floor, target);
        OrderFile.Entry first = new OrderFile.Entry(last.number() + 1, floor, Change.NOTHING);
        unfinished.redo(old == null ? 0 : old.floor());
        order.write(first);
        order.write(fresh);
        order.sync();
        Turn turn = new Turn(order, fresh, first);
        turn.raise(target);
        return turn;
    }

    private void reserveIfLow() {
        Turn mine = turn;
        if (mine == null || reserving || !mine.isReserveLow()) {
            return;
        }
        reserving = true;
        Thread thread = new Thread(this::reserve, "agentcoord-reserve");
        thread.setDaemon(true);
        thread.start();
    }

    /** Promise, sync, raise: the sync is outside the section. */
    private void reserve() {
        try {
            long target = guarded(() -> mine().promise());
            order.sync();
            guarded(() -> {
                mine().raise(target);
                return target;
            });
        } catch (IOException | StoreUnavailableException e) {
            // Positions are still reserved inside the section when they run out; the error shows there.
            return;
        } finally {
            reserving = false;
        }
    }

    private Turn mine() {
        return Objects.requireNonNull(turn);
    }
}
