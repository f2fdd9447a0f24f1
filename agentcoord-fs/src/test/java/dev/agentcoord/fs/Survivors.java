package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Coordinator;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.ProcessId;
import dev.agentcoord.Session;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.Wait;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Those who live on in a store while others are killed: one that keeps its lock all the time, and an heir that waits for what the
 * dead held. They know every token they saw, and what lies in the store while there are only they.
 */
final class Survivors implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Path store;
    private final Coordinator coordinator;
    private final Session heir;
    private final Grant kept;
    private final List<String> alone;
    private @Nullable CompletableFuture<Grant> legacy;
    private FencingToken latest;

    Survivors(Path store) throws IOException, InterruptedException {
        this.store = store;
        coordinator = FsCoordinator.open(store, "web");
        heir = coordinator.join(Participant.named("heir"));
        kept = coordinator
                .join(Participant.named("keeper"))
                .locks()
                .acquire(LockRequest.exclusive(Item.file("kept"), Item.file("busy")), Wait.forever());
        latest = kept.token();
        alone = names(store);
    }

    /** All names below a directory, whatever comes and goes meanwhile. */
    static List<String> names(Path dir) throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : Disk.list(dir)) {
            if (dir.endsWith("thefts")) {
                // A record of what happened, which stays.
                continue;
            }
            names.add(name);
            Path path = dir.resolve(name);
            if (Disk.isDirectory(path)) {
                names(path).forEach(below -> names.add(name + "/" + below));
            }
        }
        return names;
    }

    /** Leaves a session of a process that is gone, which holds that. */
    void leaveADeadHolder(LockRequest request) {
        Space space = Space.open(store, "web", FsOptions.defaults());
        SessionInfo mine = heir.info();
        ProcessId gone = new ProcessId(ProcessHandle.current().pid(), 1);
        Participant ghost = Participant.named("ghost").processes(List.of(gone));
        SessionInfo dead = new SessionInfo(
                SessionId.random(),
                ghost,
                mine.developer(),
                mine.host(),
                mine.bootId(),
                mine.pidNamespace(),
                mine.joined(),
                mine.protocol());
        space.section().run(turn -> {
            Path record = space.sessions().path(dead.id());
            long position = turn.nextPosition();
            String bell = space.sessions().bell(dead.id()).toString();
            Disk.create(record, new SessionRecord(dead, position, bell, Duration.ZERO).toBytes(), Layout.RECORD);
            Disk.create(space.sessions().beat(dead.id()), new byte[0], Layout.RECORD);
            Ticket ticket = new Ticket(position, 0, Owner.session(dead.id()), 1, request, dead.joined());
            String name = space.files().nameOf(ticket);
            turn.announce(Change.Kind.TICKET_ADDED, name);
            return Files.createLink(space.files().path(name), record);
        });
    }

    /** A token that was granted to anyone: later than every one before. */
    void sawGranted(FencingToken token) {
        assertThat(token).isGreaterThan(latest);
        latest = token;
    }

    /** Lets the heir ask for it, and returns once it waits, or has it. */
    void heirWants(LockRequest request) {
        legacy = heir.locks().acquireAsync(request, Wait.upTo(Duration.ofSeconds(PATIENCE_SECONDS)));
        while (!legacy.isDone()
                && coordinator.locks().stream().noneMatch(lock -> lock.owner().equals(heir.info()))) {
            Thread.onSpinWait();
        }
    }

    /** Lets the heir have it; returns how long that took since then, by the monotonic clock. */
    Duration heirGets(long since) throws Exception {
        try (Grant grant = Objects.requireNonNull(legacy).get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            Duration took = Duration.ofNanos(System.nanoTime() - since);
            grant.verify();
            sawGranted(grant.token());
            return took;
        } finally {
            legacy = null;
        }
    }

    boolean heirWaits() {
        return legacy != null;
    }

    /** After one sweep nothing of that session is left. */
    void sweptAway(String session) throws IOException {
        coordinator.sessions();
        assertThat(names(store)).filteredOn(name -> name.contains(session)).isEmpty();
        kept.verify();
    }

    /** After one sweep only they are there, and all they have. */
    void areAlone(String why) throws IOException {
        assertThat(coordinator.sessions()).as(why).hasSize(2);
        assertThat(names(store)).as(why).containsExactlyInAnyOrderElementsOf(alone);
        kept.verify();
    }

    Coordinator coordinator() {
        return coordinator;
    }

    @Override
    public void close() {
        coordinator.close();
    }
}
