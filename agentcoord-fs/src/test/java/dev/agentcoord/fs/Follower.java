package dev.agentcoord.fs;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.StateEvent;
import dev.agentcoord.Versioned;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A process that follows some keys, and says what it believes to be there. */
final class Follower {
    private final Map<String, Versioned> values = new TreeMap<>();
    private final Map<String, Long> latest = new HashMap<>();
    private int resyncs;
    private int changes;
    private int wrong;

    private Follower() {}

    /** Arguments: store, space. */
    public static void main(String[] args) throws IOException {
        BufferedReader in = Child.ownInput();
        try (Coordinator coordinator = FsCoordinator.open(Path.of(args[0]), args[1]);
                Session session = coordinator.join(Participant.named("follower"))) {
            Follower follower = new Follower();
            session.state().watch("followed/", follower::hear);
            System.out.println("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(follower.answer(line));
            }
        }
    }

    static String text(Collection<Versioned> values) {
        return values.stream()
                .map(value -> value.key() + "@" + value.revision() + "=" + value.text())
                .collect(Collectors.joining(" "));
    }

    private synchronized void hear(StateEvent event) {
        if (event instanceof StateEvent.Resync resync) {
            resyncs++;
            values.clear();
            resync.values().forEach(this::put);
        } else if (event instanceof StateEvent.Put put) {
            changes++;
            put(put.value());
        } else if (event instanceof StateEvent.Deleted deleted) {
            changes++;
            wrong += values.remove(deleted.key()) == null ? 1 : 0;
        }
    }

    private void put(Versioned value) {
        Long before = latest.put(value.key(), value.revision());
        wrong += before != null && before > value.revision() ? 1 : 0;
        values.put(value.key(), value);
    }

    private synchronized String answer(String question) {
        return switch (question) {
            case "state" -> text(values.values());
            case "told" -> resyncs + " snapshots and " + changes + " changes";
            default -> String.valueOf(wrong);
        };
    }
}
