package dev.agentcoord.fs;

import dev.agentcoord.SharedState;
import dev.agentcoord.Versioned;

/** What {@link CutReader} finds of {@link CutStates}. */
final class StatesAfterCut {
    private final SharedState state;

    StatesAfterCut(SharedState state) {
        this.state = state;
    }

    String written(String key, int least) {
        Versioned value = state.get(key).orElse(null);
        return value == null ? "lost" : verdict(value, least);
    }

    String deleted(String key, int number) {
        Versioned value = state.get(key).orElse(null);
        return value == null ? "ok" : verdict(value, number + 1);
    }

    String both(String key, int least) {
        String one = written(key, least);
        String two = written(CutStates.other(key), least);
        if (!one.equals("ok") || !two.equals("ok")) {
            return one.equals("ok") ? two : one;
        }
        int first = number(state.get(key).orElseThrow());
        int second = number(state.get(CutStates.other(key)).orElseThrow());
        return first == second ? "ok" : "torn " + first + " and " + second;
    }

    private static String verdict(Versioned value, int least) {
        int number = number(value);
        if (!value.text().equals(CutWriter.text(String.valueOf(number)))) {
            return "torn " + value.text();
        }
        return number >= least ? "ok" : "lost " + number;
    }

    private static int number(Versioned value) {
        String text = value.text();
        return Integer.parseInt(text.substring(0, Math.max(1, text.indexOf(' '))));
    }
}
