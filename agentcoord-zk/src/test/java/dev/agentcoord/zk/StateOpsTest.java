package dev.agentcoord.zk;

import static dev.agentcoord.Condition.absent;
import static dev.agentcoord.Condition.exists;
import static dev.agentcoord.Condition.requireHeld;
import static dev.agentcoord.Condition.revision;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.SessionId;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateTxn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.jute.Record;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.junit.jupiter.api.Test;

/** What is asked of ZooKeeper for a transaction, and what of it is remembered. */
final class StateOpsTest {
    private static final FencingToken TOKEN = new FencingToken(1, 2, 0);
    private static final long MINE = 77;
    private static final byte[] VALUE = {1};

    private final StateNodes nodes = new StateNodes("/s/state");
    private final StateOps.Writer writer = new StateOps.Writer(SessionId.random(), MINE, ZooDefs.Ids.OPEN_ACL_UNSAFE);
    private final Map<String, StateFacts.Bucket> buckets = new HashMap<>();
    private final Map<String, StateFacts.Key> keys = new HashMap<>();
    private final Map<FencingToken, StateFacts.Held> locks = new HashMap<>();

    @Test
    void what_is_there_is_written_into_as_long_as_nothing_was_made_in_its_bucket() {
        is("k", 9, 4, 0);

        assertThat(ops(List.of(), Write.put("k", VALUE))).containsExactly("check BUCKET 3", "set KEY");
        assertThat(ops(List.of(revision("k", 9)), Write.put("k", VALUE)))
                .containsExactly("check BUCKET 3", "set KEY 4");
    }

    @Test
    void what_is_made_raises_its_bucket() {
        is("k");

        assertThat(ops(List.of(), Write.put("k", VALUE))).containsExactly("raise BUCKET any", "create KEY");
        assertThat(ops(List.of(absent("k")), Write.put("k", VALUE))).containsExactly("raise BUCKET any", "create KEY");
        assertThat(ops(List.of(), Write.ephemeral("k", VALUE))).containsExactly("raise BUCKET any", "create KEY");
    }

    @Test
    void what_goes_with_another_session_or_does_not_go_any_more_is_made_anew() {
        is("k", 9, 4, 5);
        assertThat(ops(List.of(), Write.put("k", VALUE)))
                .containsExactly("raise BUCKET any", "delete KEY", "create KEY");
        assertThat(ops(List.of(), Write.ephemeral("k", VALUE)))
                .containsExactly("raise BUCKET any", "delete KEY", "create KEY");
        assertThat(ops(List.of(revision("k", 9)), Write.put("k", VALUE)))
                .containsExactly("raise BUCKET 3", "delete KEY 4", "create KEY");
        is("k", 9, 4, MINE);
        assertThat(ops(List.of(), Write.ephemeral("k", VALUE))).containsExactly("check BUCKET 3", "set KEY");
        assertThat(ops(List.of(), Write.put("k", VALUE)))
                .containsExactly("raise BUCKET any", "delete KEY", "create KEY");
    }

    @Test
    void that_something_is_not_there_is_proven_too() {
        is("k");
        assertThat(ops(List.of(absent("k")))).containsExactly("check BUCKET 3");
        assertThat(ops(List.of(), Write.delete("k"))).containsExactly("check BUCKET 3");
        is("k", 9, 4, 0);
        assertThat(ops(List.of(exists("k")))).containsExactly("check KEY any");
        assertThat(ops(List.of(), Write.delete("k"))).containsExactly("delete KEY");
        locks.put(TOKEN, new StateFacts.Held(true, List.of("/s/locks/t")));
        assertThat(ops(List.of(requireHeld(TOKEN)))).containsExactly("check /s/locks/t any");
    }

    @Test
    void a_refusal_proves_what_was_wrong_and_all_that_was_read() {
        is("k", 9, 4, 0);
        assertThat(wrong(revision("k", 8))).isTrue();
        assertThat(wrong(absent("k"))).isTrue();
        assertThat(wrong(exists("k"))).isFalse();
        assertThat(wrong(revision("k", 9))).isFalse();
        assertThat(wrong(requireHeld(TOKEN))).isTrue();
        locks.put(TOKEN, new StateFacts.Held(false, List.of("/s/locks/before")));

        assertThat(read(StateOps.proof(nodes, facts(), writer, requireHeld(TOKEN), List.of("k"))))
                .containsExactly("check BUCKET 3", "check /s/locks/before any", "check KEY 4");
        assertThat(read(StateOps.proof(nodes, facts(), writer, absent("k"), List.of("k"))))
                .containsExactly("check BUCKET 3", "check KEY 4", "check KEY 4");
    }

    @Test
    void only_a_revision_that_was_replaced_can_never_be_there_again() {
        is("k", 9, 4, 0);
        assertThat(StateOps.isOver(facts(), revision("k", 8))).isTrue();
        assertThat(StateOps.isOver(facts(), revision("k", 10))).isFalse();
        assertThat(StateOps.isOver(facts(), absent("k"))).isFalse();
        is("k");
        assertThat(StateOps.isOver(facts(), revision("k", 8))).isFalse();
        assertThat(StateOps.isOver(facts(), exists("k"))).isFalse();
    }

    @Test
    void what_was_written_can_be_written_again_without_reading() {
        StateMemory memory = new StateMemory(nodes);
        StateTxn put = txn(List.of(), Write.put("k", VALUE));
        assertThat(recall(memory, put)).isEmpty();
        is("k", 9, 4, 0);
        memory.learn(facts());
        assertThat(recall(memory, put)).containsExactly("check BUCKET 3", "set KEY");

        answered(memory, put, stat(5), 20);
        assertThat(recall(memory, txn(List.of(revision("k", 20)), Write.delete("k"))))
                .containsExactly("check BUCKET 3", "delete KEY 5");

        memory.forget(put);
        is("k");
        answered(memory, put, stat(8), 21);
        assertThat(recall(memory, txn(List.of(revision("k", 21)), Write.put("k", VALUE))))
                .as("made, in the bucket that was raised to 8")
                .containsExactly("check BUCKET 8", "set KEY 0");
    }

    @Test
    void of_what_was_read_at_two_times_the_older_proves_both() {
        StateMemory memory = new StateMemory(nodes);
        String other = sibling();
        is("k", 9, 4, 0);
        memory.learn("k", new StateFacts.Key(9, 4, 0), 3);
        memory.learn(other, new StateFacts.Key(9, 4, 0), 2);
        StateTxn both = txn(List.of(revision("k", 9), revision(other, 9)));

        assertThat(recall(memory, both)).contains("check BUCKET 2").doesNotContain("check BUCKET 3");
        memory.learn(other, new StateFacts.Key(9, 4, 0), Integer.MIN_VALUE);
        memory.learn("k", new StateFacts.Key(9, 4, 0), Integer.MAX_VALUE);
        assertThat(recall(memory, both)).as("versions wrap").contains("check BUCKET " + Integer.MAX_VALUE);
    }

    @Test
    void what_nobody_answered_or_nobody_knows_is_not_remembered() {
        StateMemory memory = new StateMemory(nodes);
        StateTxn put = txn(List.of(), Write.put("k", VALUE));
        is("k", 9, 4, 0);
        memory.learn(put, facts(), List.of(), new Commits.Done(20, List.of()), MINE);
        assertThat(recall(memory, put)).isEmpty();
        memory.learn("k", new StateFacts.Key(9, 4, 0), memory.bucketOf("k"));
        assertThat(recall(memory, put)).as("its bucket was never seen").isEmpty();

        memory.learn(facts());
        assertThat(memory.bucketOf("k")).isEqualTo(3);
        assertThat(recall(memory, put)).isNotEmpty();
        assertThat(memory.recall(txn(List.of(requireHeld(TOKEN)), Write.put("k", VALUE)), token -> Optional.empty()))
                .isEmpty();
        for (int i = 0; i < 2_000; i++) {
            memory.learn("n" + i, new StateFacts.Key(1, 1, 0), 1);
        }
        assertThat(recall(memory, put)).as("too long ago").isEmpty();
    }

    /** As after a change of which the answer came. */
    private void answered(StateMemory memory, StateTxn txn, Stat stat, long at) {
        stat.setMzxid(at);
        List<Op> ops = StateOps.change(nodes, facts(), writer, txn);
        List<OpResult> results = new ArrayList<>();
        for (Op op : ops) {
            results.add(op.getType() == OpCode.setData ? new OpResult.SetDataResult(stat) : new OpResult.CheckResult());
        }
        memory.learn(txn, facts(), ops, new Commits.Done(at, results), MINE);
    }

    private static Stat stat(int version) {
        Stat stat = new Stat();
        stat.setVersion(version);
        return stat;
    }

    private List<String> recall(StateMemory memory, StateTxn txn) {
        return memory.recall(txn, token -> Optional.empty())
                .map(facts -> read(StateOps.change(nodes, facts, writer, txn)))
                .orElse(List.of());
    }

    /** Another key in the bucket of k. */
    private String sibling() {
        for (int i = 0; ; i++) {
            if (nodes.bucketOf("s" + i).equals(nodes.bucketOf("k"))) {
                return "s" + i;
            }
        }
    }

    private void is(String key, long revision, int version, long owner) {
        is(key);
        keys.put(key, new StateFacts.Key(revision, version, owner));
    }

    private void is(String absent) {
        buckets.put(nodes.bucketOf(absent), new StateFacts.Bucket(3, 1));
        keys.remove(absent);
    }

    private boolean wrong(Condition condition) {
        return StateOps.wrong(facts(), txn(List.of(condition))) != null;
    }

    private List<String> ops(List<Condition> conditions, Write... writes) {
        return read(StateOps.change(nodes, facts(), writer, txn(conditions, writes)));
    }

    private StateFacts facts() {
        return new StateFacts(buckets, keys, Map.of(), locks);
    }

    private static StateTxn txn(List<Condition> conditions, Write... writes) {
        return new StateTxn(conditions, List.of(writes), List.of());
    }

    private List<String> read(List<Op> ops) {
        List<String> texts = new ArrayList<>();
        for (Op op : ops) {
            String path = op.getPath().replace(nodes.path("k"), "KEY").replace(nodes.bucketOf("k"), "BUCKET");
            texts.add(
                    switch (op.getType()) {
                        case OpCode.check -> "check " + path + " " + version(op);
                        case OpCode.setData ->
                            path.equals("BUCKET") ? "raise BUCKET " + version(op) : "set " + at(path, op);
                        case OpCode.delete -> "delete " + at(path, op);
                        default -> "create " + path;
                    });
        }
        return texts;
    }

    /** A path, and in which version alone it is changed. */
    private static String at(String path, Op op) {
        String version = version(op);
        return version.equals("any") ? path : path + " " + version;
    }

    private static String version(Op op) {
        Record request = op.toRequestRecord();
        int version;
        if (request instanceof CheckVersionRequest check) {
            version = check.getVersion();
        } else if (request instanceof DeleteRequest delete) {
            version = delete.getVersion();
        } else {
            version = ((SetDataRequest) request).getVersion();
        }
        return version == Requests.ANY_VERSION ? "any" : Integer.toString(version);
    }
}
