package dev.agentcoord.harness;

import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Call.Outcome;
import java.util.Arrays;
import java.util.List;

/**
 * One line of what {@link Recorder} wrote.
 *
 * @param kind a letter: small for the beginning of a call, capital for its end
 * @param number of the call, or of the attempt it belongs to
 * @param time nanoseconds
 * @param words the rest
 */
record Line(char kind, int number, long time, List<String> words) {
    static Line parse(String text) {
        String[] words = text.split(" ", -1);
        List<String> rest = Arrays.asList(words).subList(3, words.length);
        return new Line(words[0].charAt(0), Integer.parseInt(words[1]), Long.parseLong(words[2]), rest);
    }

    boolean begins() {
        return Character.isLowerCase(kind) && !isRemark();
    }

    /** Whether it tells of something between the beginning and the end of calls. */
    boolean isRemark() {
        return kind == 'h';
    }

    String word(int index) {
        return words.get(index);
    }

    long numberAt(int index) {
        return Long.parseLong(words.get(index));
    }

    /** The words from one on, as they were written. */
    String rest(int from) {
        return String.join(" ", words.subList(from, words.size()));
    }

    /** Of the end of a call. */
    Outcome outcome() {
        return Outcome.valueOf(words.get(0));
    }

    /** The call that began with another line and ended with this one. */
    Call endOf(long invoked) {
        return new Call(invoked, time, outcome());
    }
}
