package dev.agentcoord.core.lock;

import dev.agentcoord.Item;
import dev.agentcoord.core.path.PathPattern;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The queues of files, trees and globs in a trie over path segments, each at its anchor. Two sets of paths can only meet when one's
 * anchor is the other's or lies below it, so a search walks down one path and, for a tree or glob, through what lies below.
 */
final class PathIndex {
    private final Node root = new Node();

    void add(Want want, Ticket ticket) {
        Node node = root;
        for (String segment : want.anchor()) {
            node = node.childMade(segment);
        }
        node.queueMade(want).add(ticket, want.mode());
    }

    /** Removes a ticket, with the queue and the nodes that served it alone. */
    void remove(Want want, Ticket ticket) {
        remove(root, 0, want, ticket);
    }

    /** Whether a queue of an overlapping item meets the condition; asks none after the first that does. */
    boolean anyOverlapping(Want want, Predicate<ItemQueue> condition) {
        if (root.isEmpty()) {
            return false;
        }
        PathPattern paths = Objects.requireNonNull(want.paths());
        Predicate<ItemQueue> overlapping =
                queue -> Objects.requireNonNull(queue.want().paths()).overlaps(paths) && condition.test(queue);
        Node node = root;
        for (String segment : want.anchor()) {
            if (node.any(overlapping)) {
                return true;
            }
            Node child = node.children.get(segment);
            if (child == null) {
                return false;
            }
            node = child;
        }
        return paths instanceof PathPattern.File ? node.any(overlapping) : node.anyBelow(overlapping);
    }

    void clear() {
        root.children.clear();
        root.queues.clear();
    }

    private static void remove(Node node, int depth, Want want, Ticket ticket) {
        List<String> anchor = want.anchor();
        if (depth == anchor.size()) {
            node.remove(want, ticket);
            return;
        }
        Node child = node.children.get(anchor.get(depth));
        if (child != null) {
            remove(child, depth + 1, want, ticket);
            if (child.isEmpty()) {
                node.children.remove(anchor.get(depth));
            }
        }
    }

    /** A directory or file that some live ticket names or passes through; most have one child or one queue. */
    private static final class Node {
        private final SmallMap<String, Node> children = new SmallMap<>();
        private final SmallMap<Item, ItemQueue> queues = new SmallMap<>();

        Node childMade(String segment) {
            Node child = children.get(segment);
            if (child == null) {
                child = new Node();
                children.put(segment, child);
            }
            return child;
        }

        ItemQueue queueMade(Want want) {
            ItemQueue queue = queues.get(want.item());
            if (queue == null) {
                queue = new ItemQueue(want);
                queues.put(want.item(), queue);
            }
            return queue;
        }

        void remove(Want want, Ticket ticket) {
            ItemQueue queue = queues.get(want.item());
            if (queue != null) {
                queue.remove(ticket, want.mode());
                if (queue.isEmpty()) {
                    queues.remove(want.item());
                }
            }
        }

        boolean isEmpty() {
            return children.isEmpty() && queues.isEmpty();
        }

        boolean any(Predicate<ItemQueue> condition) {
            return queues.anyValue(condition);
        }

        boolean anyBelow(Predicate<ItemQueue> condition) {
            return any(condition) || children.anyValue(child -> child.anyBelow(condition));
        }
    }
}
