package dev.agentcoord.fs;

import dev.agentcoord.SharedState;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import java.nio.charset.StandardCharsets;

/**
 * What {@link CutWriter} does to the shared state: {@code put KEY NUMBER}, {@code deleted KEY NUMBER}, and {@code both KEY NUMBER} of two
 * keys that are written together.
 */
final class CutStates {
    static final int KEYS = 5;

    private final SharedState state;

    CutStates(SharedState state) {
        this.state = state;
    }

    void start() {
        CutWriter.repeat(number -> put("p" + number % KEYS, number));
        CutWriter.repeat(number -> put("q" + number % KEYS, number));
        CutWriter.repeat(number -> put("r" + number % KEYS, number));
        CutWriter.repeat(number -> replace("s" + number % KEYS, number));
        CutWriter.repeat(number -> delete("t" + number % KEYS, number));
        CutWriter.repeat(number -> putBoth("u" + number % KEYS, number));
    }

    /** The one of two keys that are written together that is not named. */
    static String other(String key) {
        return key + "/other";
    }

    private static byte[] value(int number) {
        return CutWriter.text(String.valueOf(number)).getBytes(StandardCharsets.UTF_8);
    }

    private void put(String key, int number) {
        state.put(key, value(number));
        CutWriter.say("put " + key + " " + number);
    }

    private void replace(String key, int number) {
        long revision = state.get(key).map(Versioned::revision).orElse(0L);
        if (revision == 0) {
            state.putIfAbsent(key, value(number)).orElseThrow();
        } else {
            state.compareAndSet(key, revision, value(number)).orElseThrow();
        }
        CutWriter.say("put " + key + " " + number);
    }

    private void delete(String key, int number) {
        if (!state.delete(key, state.put(key, value(number)))) {
            throw new IllegalStateException(key + " is not at the revision of its only writer");
        }
        CutWriter.say("deleted " + key + " " + number);
    }

    private void putBoth(String key, int number) {
        state.txn()
                .then(Write.put(key, value(number)), Write.put(other(key), value(number)))
                .commit();
        CutWriter.say("both " + key + " " + number);
    }
}
