package dev.agentcoord.ports;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SharedState;
import dev.agentcoord.Versioned;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.record.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is kept of ports in the shared state: the number an agent had last under a name, and for a while who was found on a port without
 * a lease. Anybody may write there, so whatever cannot be read counts as not there.
 */
final class Notes {
    /** For how long a port with a stranger on it is passed over while there are others. */
    static final Duration QUARANTINE = Duration.ofMinutes(1);

    private static final String LAST = "port/last/";
    private static final String STRANGER = "port/stranger/";

    private final SharedState state;
    private final String agent;
    private final String network;
    private final TimeSource time;

    Notes(SharedState state, String agent, String network, TimeSource time) {
        this.state = state;
        this.agent = agent;
        this.network = network;
        this.time = time;
    }

    /** The number the agent had last under that name; -1 when unknown. */
    long last(String name) {
        return state.get(lastKey(name))
                .map(Versioned::text)
                .flatMap(Notes::number)
                .orElse(-1);
    }

    void remember(String name, int number) {
        state.put(lastKey(name), Integer.toString(number).getBytes(StandardCharsets.UTF_8));
    }

    /** Lets everybody know who was found on a port. */
    void avoid(Listener stranger) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("until", time.wall().plus(QUARANTINE).toEpochMilli());
        record.put("address", stranger.address());
        record.put("uid", stranger.uid());
        record.put("user", stranger.user());
        record.put("pid", stranger.pid());
        record.put("command", stranger.command());
        state.put(strangers() + stranger.port(), Json.write(record));
    }

    /** Who was found lately, by port; what is older is removed. */
    Map<Integer, Listener> avoided() {
        Map<Integer, Listener> avoided = new TreeMap<>();
        List<Versioned> notes = state.list(strangers(), "", Limits.PAGE);
        for (Versioned note : notes) {
            Optional<Listener> stranger = stranger(note);
            stranger.ifPresent(found -> avoided.put(found.port(), found));
            if (stranger.isEmpty()) {
                state.delete(note.key(), note.revision());
            }
        }
        return avoided;
    }

    /** A clock that was set back must not prolong it. */
    private Optional<Listener> stranger(Versioned note) {
        Optional<Integer> port = number(note.key().substring(strangers().length()));
        if (port.isEmpty()) {
            return Optional.empty();
        }
        try {
            Json.Fields record = Json.read(note.key(), note.value());
            long left = record.number("until") - time.wall().toEpochMilli();
            return left <= 0 || left > QUARANTINE.toMillis()
                    ? Optional.empty()
                    : Optional.of(new Listener(
                            port.get(),
                            record.text("address"),
                            record.number("uid"),
                            record.text("user"),
                            record.number("pid"),
                            record.text("command")));
        } catch (CorruptRecordException e) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> number(String text) {
        return text.matches("[1-9][0-9]{0,4}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    private String lastKey(String name) {
        return LAST + agent + "/" + name;
    }

    private String strangers() {
        return STRANGER + network + "/";
    }
}
