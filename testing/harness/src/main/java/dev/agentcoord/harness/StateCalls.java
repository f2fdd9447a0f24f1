package dev.agentcoord.harness;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.SharedState;
import dev.agentcoord.Versioned;
import dev.agentcoord.harness.Recorder.Kind;
import dev.agentcoord.harness.history.Call.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Calls on the shared state, each written down with its beginning and its end. Not thread-safe. */
final class StateCalls {
    private static final String REFUSED = "";

    private final SharedState state;
    private final Recorder record;
    private final String name;

    StateCalls(SharedState state, Recorder record, String name) {
        this.state = state;
        this.record = record;
        this.name = name;
    }

    /** The revision read; 0 when absent, or when the call failed. */
    long get(String key) {
        int number = record.begins(Kind.STATE, "get " + key);
        return revision(finish(number, () -> {
            Optional<Versioned> got = state.get(key);
            return got.map(each -> each.revision() + " " + each.text()).orElse("0 -");
        }));
    }

    /** The revision written; 0 when the call failed. */
    long put(String key) {
        String value = nextValue();
        int number = record.begins(Kind.STATE, "put " + key + " 0 " + value);
        return revision(finish(number, () -> Long.toString(state.put(key, bytes(value)))));
    }

    long putIfAbsent(String key) {
        String value = nextValue();
        int number = record.begins(Kind.STATE, "absent " + key + " 0 " + value);
        return revision(finish(number, () -> text(state.putIfAbsent(key, bytes(value)))));
    }

    long compareAndSet(String key, long revision) {
        String value = nextValue();
        int number = record.begins(Kind.STATE, "cas " + key + ' ' + revision + ' ' + value);
        return revision(finish(number, () -> text(state.compareAndSet(key, revision, bytes(value)))));
    }

    void delete(String key, long revision) {
        int number = record.begins(Kind.STATE, "delete " + key + ' ' + revision + " -");
        finish(number, () -> state.delete(key, revision) ? "0" : REFUSED);
    }

    /** What was returned; empty for nothing. */
    private String finish(int number, Supplier<String> call) {
        try {
            String result = call.get();
            long at = System.nanoTime();
            boolean refused = result.equals(REFUSED);
            record.ended(
                    Kind.STATE, number, at, refused ? Outcome.REFUSED : Outcome.OK, refused ? "otherwise" : result);
            return result;
        } catch (CoordinationException e) {
            record.failed(Kind.STATE, number, e);
            return REFUSED;
        }
    }

    /** No two writes of a run have one value. */
    private String nextValue() {
        return name + "." + record.nextNumber();
    }

    private static long revision(String result) {
        return result.equals(REFUSED) ? 0 : Long.parseLong(result.split(" ", 2)[0]);
    }

    private static String text(OptionalLong revision) {
        return revision.isPresent() ? Long.toString(revision.getAsLong()) : REFUSED;
    }

    private static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
