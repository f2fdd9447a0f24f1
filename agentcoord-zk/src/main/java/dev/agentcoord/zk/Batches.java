package dev.agentcoord.zk;

import dev.agentcoord.zk.Requests.Found;
import dev.agentcoord.zk.Requests.Listing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

/** Reads many znodes with few packets, none of them too large to be answered. Stateless. */
final class Batches {
    /** So many of the largest, 64 KB each, make one packet. */
    static final int LARGE = 6;
    /** So many where the data is no more than a reason or a record. */
    static final int SMALL = 64;

    private static final int EMPTY = 256;

    private Batches() {}

    /** Data and stat of each path, null where there is none; all are asked for at once. */
    static List<@Nullable Found> read(Call call, Requests requests, List<String> paths, int size)
            throws KeeperException {
        List<CompletableFuture<List<Optional<Found>>>> answers = new ArrayList<>();
        for (int i = 0; i < paths.size(); i += size) {
            answers.add(requests.reads(gets(paths.subList(i, Math.min(paths.size(), i + size))))
                    .thenApply(results -> results.stream().map(Batches::found).toList()));
        }
        List<@Nullable Found> found = new ArrayList<>();
        for (CompletableFuture<List<Optional<Found>>> answer : answers) {
            for (Optional<Found> one : call.await(answer)) {
                found.add(one.orElse(null));
            }
        }
        return Collections.unmodifiableList(found);
    }

    /** The same, each in a packet of its own, of znodes so large that not even a few of them need fit one; all are asked for at once. */
    static List<@Nullable Found> readEach(Call call, Requests requests, List<String> paths) throws KeeperException {
        List<CompletableFuture<Optional<Found>>> asked =
                paths.stream().map(path -> requests.data(path, null)).toList();
        List<@Nullable Found> found = new ArrayList<>();
        for (CompletableFuture<Optional<Found>> one : asked) {
            found.add(call.await(one).orElse(null));
        }
        return Collections.unmodifiableList(found);
    }

    /**
     * One of several znodes below another.
     *
     * @param path of it
     * @param found what it is
     */
    record Child(String path, Found found) {}

    /** All znodes below one that are there at some moment of the call, in no order. */
    static List<Child> children(Call call, Requests requests, String parent, int size) throws KeeperException {
        List<String> paths = call.await(requests.childrenNow(parent)).names().stream()
                .map(name -> parent + "/" + name)
                .toList();
        List<@Nullable Found> found = read(call, requests, paths, size);
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            Found one = found.get(i);
            if (one != null) {
                children.add(new Child(paths.get(i), one));
            }
        }
        return children;
    }

    /** Which of the paths of znodes with little data are not there; waits for nothing. */
    static CompletableFuture<List<String>> missing(Requests requests, List<String> paths) {
        CompletableFuture<List<String>> all = CompletableFuture.completedFuture(List.of());
        for (int i = 0; i < paths.size(); i += EMPTY) {
            List<String> part = paths.subList(i, Math.min(paths.size(), i + EMPTY));
            CompletableFuture<List<OpResult>> answer = requests.reads(lists(part));
            all = all.thenCombine(answer, (before, results) -> {
                List<String> missing = new ArrayList<>(before);
                for (int k = 0; k < part.size(); k++) {
                    if (isMissing(results.get(k))) {
                        missing.add(part.get(k));
                    }
                }
                return missing;
            });
        }
        return all;
    }

    static List<Op> gets(List<String> paths) {
        return paths.stream().map(Op::getData).map(Op.class::cast).toList();
    }

    static List<Op> lists(List<String> paths) {
        return paths.stream().map(Op::getChildren).map(Op.class::cast).toList();
    }

    /** The answer to one of {@link #gets}; throws, for whoever awaits it, what else it was than that nothing is there. */
    static Optional<Found> found(OpResult result) {
        if (result instanceof OpResult.GetDataResult data) {
            return Optional.of(new Found(data.getData(), data.getStat()));
        }
        requireMissing(result);
        return Optional.empty();
    }

    /** The answer to one of {@link #lists}, sorted; none where nothing is there, else it throws as {@link #found} does. */
    static List<String> names(OpResult result) {
        if (result instanceof OpResult.GetChildrenResult list) {
            return list.getChildren().stream().sorted().toList();
        }
        requireMissing(result);
        return List.of();
    }

    private static void requireMissing(OpResult result) {
        if (!isMissing(result)) {
            throw new CompletionException(KeeperException.create(Code.get(((OpResult.ErrorResult) result).getErr())));
        }
    }

    private static boolean isMissing(OpResult result) {
        return result instanceof OpResult.ErrorResult error && error.getErr() == Code.NONODE.intValue();
    }

    /** The names below a znode; none where there is no such. */
    static List<String> namesIfThere(Call call, CompletableFuture<Listing> asked) throws KeeperException {
        try {
            return call.await(asked).names();
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        }
    }
}
