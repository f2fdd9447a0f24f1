package dev.agentcoord.fs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state that a model can reach, nearest first, and stops at the first that breaks a rule: so what it shows is a shortest way
 * there.
 */
final class Explorer<S extends Explorer.State> {
    private final Model<S> model;
    private final StateNumbers numbers = new StateNumbers();
    private final Queue<S> ahead = new ArrayDeque<>();
    /** Of each state but the first, by number, which it was reached from and how. */
    private int[] parents = new int[1 << 10];

    private int[] ways = new int[1 << 10];
    /** Each step once, in the order they were first taken. */
    private final Map<Step, Integer> steps = new LinkedHashMap<>();

    private long transitions;

    private Explorer(Model<S> model) {
        this.model = model;
    }

    /** What can be told apart from others by its bytes. */
    interface State {
        byte[] bytes();
    }

    /** A machine that can be in states. */
    interface Model<S extends State> {
        S initial();

        /** Gives every state that one step leads to. */
        void stepsFrom(S state, Sink<S> sink);

        /** The rule that a state breaks, or null. */
        @Nullable String brokenBy(S state);
    }

    /** Takes what a step leads to. */
    interface Sink<S> {
        void step(Step step, S next);
    }

    /** Something that one process does at once; the number says to what, if to anything. */
    record Step(int process, String what, int number) {
        @Override
        public String toString() {
            return "p" + process + " " + what + (number < 0 ? "" : " " + number);
        }
    }

    /**
     * What was found.
     *
     * @param states how many there are
     * @param transitions how many ways lead from one to one
     * @param broken the rule that is broken, or null
     * @param way the steps that lead to where it is
     */
    record Found(int states, long transitions, @Nullable String broken, List<Step> way) {
        @Override
        public String toString() {
            return states + " states, " + transitions + " transitions"
                    + (broken == null ? "" : ": " + broken + " after " + way);
        }
    }

    static <S extends State> Found explore(Model<S> model) {
        return new Explorer<>(model).run();
    }

    private Found run() {
        S first = model.initial();
        numbers.add(first.bytes());
        ahead.add(first);
        for (int number = 0; !ahead.isEmpty(); number++) {
            S state = ahead.remove();
            String broken = model.brokenBy(state);
            if (broken != null) {
                return new Found(numbers.size(), transitions, broken, wayTo(number));
            }
            int from = number;
            model.stepsFrom(state, (step, next) -> reach(from, step, next));
        }
        return new Found(numbers.size(), transitions, null, List.of());
    }

    private void reach(int from, Step step, S next) {
        transitions++;
        if (numbers.add(next.bytes())) {
            int number = numbers.size() - 1;
            if (number == parents.length) {
                parents = Arrays.copyOf(parents, 2 * number);
                ways = Arrays.copyOf(ways, 2 * number);
            }
            parents[number] = from;
            ways[number] = steps.computeIfAbsent(step, s -> steps.size());
            ahead.add(next);
        }
    }

    private List<Step> wayTo(int number) {
        List<Step> all = List.copyOf(steps.keySet());
        List<Step> way = new ArrayList<>();
        for (int n = number; n > 0; n = parents[n]) {
            way.add(all.get(ways[n]));
        }
        Collections.reverse(way);
        return way;
    }
}
