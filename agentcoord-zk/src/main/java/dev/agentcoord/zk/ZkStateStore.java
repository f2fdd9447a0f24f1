package dev.agentcoord.zk;

import dev.agentcoord.Condition;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateFeed;
import dev.agentcoord.spi.StateStore;
import dev.agentcoord.spi.StateTxn;
import dev.agentcoord.zk.Requests.Found;
import dev.agentcoord.zk.Requests.Listing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;

/**
 * The shared state as one session uses it. A change is decided from what is read, and done by one request that fails if any of that is
 * another by then; so it is tried again until nobody came in between. Reads ask the leader first. Thread-safe.
 */
final class ZkStateStore implements StateStore {
    /** So often it is tried again at once where others came in between; then with pauses. */
    private static final int EAGER = 4;

    private final ZkStoreSession session;
    private final Requests requests;
    private final StateNodes nodes;
    private final Commits commits;
    private final StateMemory memory;
    private final StateFollowers followers;

    ZkStateStore(ZkStoreSession session) {
        this.session = session;
        this.requests = session.connection().own().awaited();
        this.nodes = session.space().node().state();
        this.commits = session.commits();
        this.memory = new StateMemory(nodes);
        this.followers = new StateFollowers(session);
    }

    @Override
    public Optional<Versioned> get(String key) {
        String path = nodes.path(key);
        return open(() -> session.caller().repeatedly("read '" + key + "'", call -> {
            CompletableFuture<String> synced = requests.sync(nodes.root());
            int bucket = memory.bucketOf(key);
            CompletableFuture<Optional<Found>> asked = requests.data(path, null);
            call.await(synced);
            Optional<Found> found = call.await(asked);
            found.ifPresent(is -> memory.learn(key, StateFacts.Key.of(is.stat()), bucket));
            return found.map(is -> nodes.value(key, is));
        }));
    }

    @Override
    public List<Versioned> list(String prefix, String after, int limit) {
        return open(() -> session.caller().repeatedly("list the keys with '" + prefix + "'", call -> {
            List<Map.Entry<String, String>> names =
                    new ArrayList<>(paths(call, prefix, after).entrySet());
            List<Versioned> page = new ArrayList<>();
            int next = 0;
            while (page.size() < limit && next < names.size()) {
                int end = Math.min(names.size(), next + limit - page.size());
                read(call, names.subList(next, end), page);
                next = end;
            }
            return List.copyOf(page);
        }));
    }

    /** The paths of the keys with a prefix that sort after one, by key. */
    private NavigableMap<String, String> paths(Call call, String prefix, String after) throws KeeperException {
        CompletableFuture<String> synced = requests.sync(nodes.root());
        Map<String, CompletableFuture<Listing>> listings = new LinkedHashMap<>();
        nodes.buckets().forEach(bucket -> listings.put(bucket, requests.children(bucket, null)));
        call.await(synced);
        NavigableMap<String, String> paths = new TreeMap<>();
        for (var listing : listings.entrySet()) {
            for (String name : call.await(listing.getValue()).names()) {
                String key = nodes.key(listing.getKey(), name);
                if (key.startsWith(prefix) && key.compareTo(after) > 0) {
                    paths.put(key, listing.getKey() + "/" + name);
                }
            }
        }
        return paths;
    }

    /** Leaves out what is gone by then. */
    private void read(Call call, List<Map.Entry<String, String>> names, List<Versioned> values) throws KeeperException {
        List<@Nullable Found> found = Batches.read(
                call, requests, names.stream().map(Map.Entry::getValue).toList(), Batches.LARGE);
        for (int i = 0; i < found.size(); i++) {
            Found one = found.get(i);
            if (one != null) {
                values.add(nodes.value(names.get(i).getKey(), one));
            }
        }
    }

    @Override
    public void catchUp() {
        open(() -> session.caller()
                .repeatedly(
                        "wait for the latest state",
                        call -> call.await(session.record().fence(requests))));
    }

    @Override
    public TxnResult commit(StateTxn txn) {
        if (txn.conditions().isEmpty() && txn.writes().isEmpty()) {
            return open(() -> TxnResult.committed(0));
        }
        return open(() -> session.caller().once("change the state", call -> {
            if (txn.conditions().stream().anyMatch(Condition.Held.class::isInstance)) {
                Removals.awaitThoseOfOthers(call, session.removals());
            }
            return commit(call, txn);
        }));
    }

    private TxnResult commit(Call call, StateTxn txn) throws KeeperException {
        Optional<TxnResult> done = commitFromMemory(call, txn);
        if (done.isPresent()) {
            return done.get();
        }
        boolean upToDate = false;
        for (int tries = 1; ; tries++) {
            boolean fenced = upToDate;
            StateFacts facts = Caller.repeatedly(
                    call,
                    attempt -> fenced
                            ? StateFacts.readFenced(attempt, session, txn)
                            : StateFacts.read(attempt, session, txn));
            memory.learn(facts);
            Condition wrong = StateOps.wrong(facts, txn);
            if (wrong != null && !upToDate && !(txn.reads().isEmpty() && StateOps.isOver(facts, wrong))) {
                // Perhaps only this server lags behind.
                upToDate = true;
                continue;
            }
            try {
                return wrong == null ? change(call, facts, txn) : refuse(call, facts, txn, wrong);
            } catch (BadVersionException | NoNodeException | NodeExistsException e) {
                // Somebody came in between. That was answered in order, so it is no old news that is read next.
                if (tries > EAGER && !call.pause()) {
                    throw call.overtaken(e);
                }
            }
        }
    }

    /** Without reading first; empty where not all is remembered, or was another by now. */
    private Optional<TxnResult> commitFromMemory(Call call, StateTxn txn) throws KeeperException {
        Optional<StateFacts> facts = memory.recall(txn, session.tickets().tokens()::heldHere);
        if (facts.isEmpty() || StateOps.wrong(facts.get(), txn) != null) {
            return Optional.empty();
        }
        try {
            return Optional.of(change(call, facts.get(), txn));
        } catch (BadVersionException | NoNodeException | NodeExistsException e) {
            memory.forget(txn);
            return Optional.empty();
        }
    }

    private TxnResult change(Call call, StateFacts facts, StateTxn txn) throws KeeperException {
        List<Op> ops = StateOps.change(nodes, facts, writer(), txn);
        memory.forget(txn);
        Commits.Done done = commits.commit(call, ops);
        memory.learn(txn, facts, ops, done, session.connection().id());
        boolean hasValues = txn.writes().stream().map(Write::value).anyMatch(Optional::isPresent);
        return TxnResult.committed(hasValues ? done.at() : 0);
    }

    /** What was read beside the condition has to be of the same moment. */
    private TxnResult refuse(Call call, StateFacts facts, StateTxn txn, Condition wrong) throws KeeperException {
        Set<String> reads = Set.copyOf(txn.reads());
        boolean atOnce = wrong instanceof Condition.OfKey of && reads.equals(Set.of(of.key()));
        if (!reads.isEmpty() && !atOnce) {
            commits.commit(call, StateOps.proof(nodes, facts, writer(), wrong, txn.reads()));
        }
        return TxnResult.refused(facts.values());
    }

    private StateOps.Writer writer() {
        return new StateOps.Writer(session.info().id(), session.connection().id(), session.acl());
    }

    @Override
    public StateFeed follow(String prefix, Runnable hint) {
        return open(() -> followers.follow(prefix, hint));
    }

    StateFollowers followers() {
        return followers;
    }

    /** Where the session has ended that is said, whatever else failed. */
    private <T> T open(Supplier<T> call) {
        session.requireOpen();
        try {
            return call.get();
        } catch (StoreUnavailableException e) {
            session.requireOpen();
            throw e;
        }
    }
}
