package dev.agentcoord.core.lock;

import dev.agentcoord.Item;
import dev.agentcoord.core.path.PathPattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The queues of files, trees and globs in a trie over path segments, each at its anchor. Two sets of paths can only meet when one's
 * anchor is the other's or lies below it, so a search walks down one path and, for a tree or glob, through what lies below.
 */
final class PathIndex {
    private final Node root = new Node();

    /** The queue of an item, made where there is none. */
    ItemQueue queue(Want want, PathPattern paths) {
        Node node = root;
        for (String segment : paths.anchor().segments()) {
            node = node.children.computeIfAbsent(segment, s -> new Node());
        }
        return node.queues.computeIfAbsent(want.item(), item -> new ItemQueue(want));
    }

    /** The queue of an item, if there is one. */
    @Nullable ItemQueue find(Item item, PathPattern paths) {
        Node node = root;
        for (String segment : paths.anchor().segments()) {
            Node child = node.children.get(segment);
            if (child == null) {
                return null;
            }
            node = child;
        }
        return node.queues.get(item);
    }

    /** Forgets an item's queue and the nodes that led only to it. */
    void drop(Item item, PathPattern paths) {
        drop(root, paths.anchor().segments(), item);
    }

    /** Whether a queue of an overlapping item meets the condition; asks none after the first that does. */
    boolean anyOverlapping(PathPattern paths, Predicate<ItemQueue> condition) {
        Predicate<ItemQueue> overlapping =
                queue -> Objects.requireNonNull(queue.want().paths()).overlaps(paths) && condition.test(queue);
        Node node = root;
        for (String segment : paths.anchor().segments()) {
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

    private static boolean drop(Node node, List<String> segments, Item item) {
        if (segments.isEmpty()) {
            node.queues.remove(item);
        } else {
            String segment = segments.get(0);
            Node child = node.children.get(segment);
            if (child != null && drop(child, segments.subList(1, segments.size()), item)) {
                node.children.remove(segment);
            }
        }
        return node.queues.isEmpty() && node.children.isEmpty();
    }

    /** A directory or file that some live ticket names or passes through. */
    private static final class Node {
        final Map<String, Node> children = new HashMap<>(4);
        final Map<Item, ItemQueue> queues = new HashMap<>(4);

        boolean any(Predicate<ItemQueue> condition) {
            for (ItemQueue queue : queues.values()) {
                if (condition.test(queue)) {
                    return true;
                }
            }
            return false;
        }

        boolean anyBelow(Predicate<ItemQueue> condition) {
            if (any(condition)) {
                return true;
            }
            for (Node child : children.values()) {
                if (child.anyBelow(condition)) {
                    return true;
                }
            }
            return false;
        }
    }
}
