package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Judges what holders wrote down, by their tokens and times alone; it shares no rule with what it judges. */
final class Accounts {
    private static final Comparator<Hold> BY_TOKEN = Comparator.comparing(Hold::token);
    private static final Comparator<Hold> BY_TIME = Comparator.comparingLong(Hold::granted);

    private final List<Hold> holds;

    Accounts(List<Hold> holds) {
        this.holds = holds;
    }

    static Accounts read(List<Path> files) throws IOException {
        List<Hold> holds = new ArrayList<>();
        for (Path file : files) {
            try (var lines = Files.lines(file, StandardCharsets.US_ASCII)) {
                lines.map(Hold::parse).forEach(holds::add);
            }
        }
        return new Accounts(holds);
    }

    List<Hold> holds() {
        return holds;
    }

    /** All that is wrong; empty where every promise was kept. */
    List<String> violations() {
        List<String> found = new ArrayList<>();
        for (int file = 0; file < Ask.FILES; file++) {
            // Nobody is granted a file that another has not given up, and nobody before an earlier one that wants it
            // too.
            compare(file, BY_TIME, "held at once", Hold::ended, found);
            compare(file, BY_TOKEN, "granted out of turn", Hold::granted, found);
        }
        findRepeated(found);
        findMisplaced(found);
        return found;
    }

    /** Of all earlier ones in that order that conflict over the file, none has its {@code end} after the next one's grant. */
    private void compare(int file, Comparator<Hold> order, String what, ToLongFunction<Hold> end, List<String> found) {
        Comparator<Hold> byEnd = Comparator.comparingLong(end);
        @Nullable Hold writer = null;
        @Nullable Hold any = null;
        for (Hold next : sorted(order, hold -> hold.touches(file))) {
            Hold before = next.writes(file) ? any : writer;
            if (before != null && end.applyAsLong(before) > next.granted()) {
                found.add(what + ": " + before + " and " + next);
            }
            any = any == null || byEnd.compare(any, next) < 0 ? next : any;
            if (next.writes(file)) {
                writer = writer == null || byEnd.compare(writer, next) < 0 ? next : writer;
            }
        }
    }

    private void findRepeated(List<String> found) {
        @Nullable Hold before = null;
        for (Hold next : sorted(BY_TOKEN, hold -> true)) {
            if (before != null && before.token().compareTo(next.token()) == 0) {
                found.add("one token: " + before + " and " + next);
            }
            before = next;
        }
    }

    /** Whoever had its place before another even asked comes before it. */
    private void findMisplaced(List<String> found) {
        @Nullable Hold first = null;
        for (Hold next : sorted(BY_TOKEN.reversed(), hold -> true)) {
            if (first != null && first.placed() < next.asked()) {
                found.add("asked later, placed earlier: " + next + " before " + first);
            }
            first = first == null || next.placed() < first.placed() ? next : first;
        }
    }

    private List<Hold> sorted(Comparator<Hold> order, Predicate<Hold> which) {
        return holds.stream().filter(which).sorted(order).toList();
    }
}
