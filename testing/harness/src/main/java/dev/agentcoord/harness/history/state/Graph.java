package dev.agentcoord.harness.history.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** A directed graph of numbered nodes, and its circles. Not thread-safe. */
final class Graph {
    private static final int UNSEEN = -1;

    private final List<List<Integer>> edges = new ArrayList<>();

    Graph(int nodes) {
        for (int i = 0; i < nodes; i++) {
            edges.add(new ArrayList<>(2));
        }
    }

    void add(int from, int to) {
        if (from != to) {
            edges.get(from).add(to);
        }
    }

    /** One shortest circle for each group of nodes that all reach each other; Tarjan's algorithm without recursion. */
    List<List<Integer>> circles() {
        return new Components().find().stream().map(this::shortest).toList();
    }

    /** A shortest circle through the first node of a group. */
    private List<Integer> shortest(List<Integer> group) {
        int start = group.get(0);
        int[] from = new int[edges.size()];
        Arrays.fill(from, UNSEEN);
        Deque<Integer> open = new ArrayDeque<>(List.of(start));
        while (from[start] == UNSEEN && !open.isEmpty()) {
            int node = open.remove();
            for (int next : edges.get(node)) {
                if (from[next] == UNSEEN) {
                    from[next] = node;
                    open.add(next);
                }
            }
        }
        List<Integer> circle = new ArrayList<>();
        int node = start;
        do {
            circle.add(0, node);
            node = from[node];
        } while (node != start);
        return circle;
    }

    /** Groups of more than one node. */
    private final class Components {
        private final int[] index = new int[edges.size()];
        private final int[] low = new int[edges.size()];
        private final int[] position = new int[edges.size()];
        private final boolean[] onStack = new boolean[edges.size()];
        private final Deque<Integer> stack = new ArrayDeque<>();
        private final Deque<Integer> path = new ArrayDeque<>();
        private final List<List<Integer>> groups = new ArrayList<>();
        private int count;

        List<List<Integer>> find() {
            Arrays.fill(index, UNSEEN);
            for (int node = 0; node < index.length; node++) {
                if (index[node] == UNSEEN) {
                    enter(node);
                    walk();
                }
            }
            return groups;
        }

        private void enter(int node) {
            index[node] = count;
            low[node] = count++;
            stack.push(node);
            onStack[node] = true;
            path.push(node);
        }

        private void walk() {
            while (!path.isEmpty()) {
                int node = path.element();
                List<Integer> out = edges.get(node);
                if (position[node] < out.size()) {
                    int next = out.get(position[node]++);
                    if (index[next] == UNSEEN) {
                        enter(next);
                    } else if (onStack[next]) {
                        low[node] = Math.min(low[node], index[next]);
                    }
                } else {
                    leave(path.pop());
                }
            }
        }

        private void leave(int node) {
            if (!path.isEmpty()) {
                low[path.element()] = Math.min(low[path.element()], low[node]);
            }
            if (low[node] != index[node]) {
                return;
            }
            List<Integer> group = new ArrayList<>();
            int member;
            do {
                member = stack.pop();
                onStack[member] = false;
                group.add(member);
            } while (member != node);
            if (group.size() > 1) {
                groups.add(group);
            }
        }
    }
}
