package dev.agentcoord.harness.history.state;

import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * No transaction comes both before and after another one. What comes before what is read off the revisions, as in Elle and in Adya's
 * work before it: who wrote comes before who read that (wr), before who wrote next (ww), and who read before who wrote next (rw); and
 * whoever ended before another began comes before it. A circle among them is an order that no serial execution has.
 */
final class CycleRule {
    private final List<Transaction> all;
    private final List<Transaction> transactions;
    private final Map<String, KeyVersions> keys = new HashMap<>();
    private final Graph graph;

    /** Those that certainly happened, and those of which somebody has read something. */
    CycleRule(List<Transaction> all) {
        this.all = all;
        this.transactions = all.stream().filter(CycleRule::isKnown).toList();
        this.graph = new Graph(2 * transactions.size());
    }

    List<Violation> check() {
        addVersions();
        keys.values().forEach(this::addWrites);
        for (int i = 0; i < transactions.size(); i++) {
            for (Touch touch : transactions.get(i).touches()) {
                addReads(i, touch);
            }
        }
        addRealTime();
        return graph.circles().stream()
                .map(circle -> new Violation(Kind.CYCLE, describe(circle)))
                .toList();
    }

    /** A deletion without an answer may never have been, which nobody can tell; a write that somebody has read was. */
    private static boolean isKnown(Transaction each) {
        return each.isCertain()
                || each.touches().stream().map(Touch::left).anyMatch(left -> left != null && left.revision() > 0);
    }

    private void addVersions() {
        int number = 0;
        for (Transaction each : all) {
            boolean known = isKnown(each);
            for (Touch touch : each.touches()) {
                KeyVersions key = keys.computeIfAbsent(touch.key(), name -> new KeyVersions());
                key.add(known ? number : KeyVersions.NOBODY, touch, each.isCertain());
            }
            number += known ? 1 : 0;
        }
    }

    private void addWrites(KeyVersions key) {
        for (long revision : key.revisions()) {
            int writer = key.writer(revision).orElseThrow();
            Optional<Integer> deleter = key.deleter(revision);
            deleter.ifPresent(next -> graph.add(writer, next));
            key.nextWriter(revision).ifPresent(next -> graph.add(deleter.orElse(writer), next));
        }
    }

    private void addReads(int number, Touch touch) {
        KeyVersions key = keys.get(touch.key());
        long revision = touch.from().orElse(-1L);
        if (key == null || revision < 0) {
            return;
        }
        if (revision > 0) {
            key.writer(revision).ifPresent(writer -> graph.add(writer, number));
            key.ender(revision).ifPresent(next -> graph.add(number, next));
        } else if (touch.isWrite()) {
            // What it wrote says which absence it found.
            Version left = touch.left();
            if (left != null && left.revision() > 0) {
                key.deleterBefore(left.revision()).ifPresent(deleter -> graph.add(deleter, number));
            }
        } else {
            addReadOfNothing(number, key);
        }
    }

    /** Only where the times leave one absence that it can have found. */
    private void addReadOfNothing(int number, KeyVersions key) {
        List<Long> possible = key.absences().stream()
                .filter(revision -> mayBeIn(transactions.get(number), key, revision))
                .toList();
        if (possible.size() == 1) {
            long revision = possible.get(0);
            key.deleter(revision).ifPresent(deleter -> graph.add(deleter, number));
            key.nextWriter(revision).ifPresent(next -> graph.add(number, next));
        }
    }

    private boolean mayBeIn(Transaction reader, KeyVersions key, long revision) {
        boolean begun = revision == 0
                || key.deleter(revision)
                        .map(deleter -> transactions.get(deleter).call().invoked() <= reader.completed())
                        .orElse(true);
        boolean over = key.nextWriter(revision)
                .map(next -> transactions.get(next).completed() < reader.call().invoked())
                .orElse(false);
        return begun && !over;
    }

    /** Through one node more for each end, so that there are few edges: each end comes before all later ones. */
    private void addRealTime() {
        int count = transactions.size();
        List<Integer> byEnd =
                sorted(Comparator.comparingLong(i -> transactions.get(i).completed()));
        List<Integer> byBeginning =
                sorted(Comparator.comparingLong(i -> transactions.get(i).call().invoked()));
        for (int i = 0; i < count; i++) {
            graph.add(byEnd.get(i), count + i);
            if (i > 0) {
                graph.add(count + i - 1, count + i);
            }
        }
        int ended = 0;
        for (int number : byBeginning) {
            long begun = transactions.get(number).call().invoked();
            while (ended < count && transactions.get(byEnd.get(ended)).completed() < begun) {
                ended++;
            }
            if (ended > 0) {
                graph.add(count + ended - 1, number);
            }
        }
    }

    private List<Integer> sorted(Comparator<Integer> order) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < transactions.size(); i++) {
            numbers.add(i);
        }
        numbers.sort(order);
        return numbers;
    }

    private String describe(List<Integer> circle) {
        return circle.stream()
                .filter(node -> node < transactions.size())
                .map(node -> transactions.get(node).toString())
                .reduce((one, other) -> one + " < " + other)
                .orElse("");
    }
}
