package dev.agentcoord.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.Limits;
import dev.agentcoord.zk.Requests.Found;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.zookeeper.common.PathUtils;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

final class StateNodesTest {
    private final StateNodes nodes = new StateNodes("/agentcoord/s/state");

    @Test
    void every_key_has_a_path_of_its_own_and_can_be_told_from_it() {
        List<String> keys =
                new ArrayList<>(List.of(".", "..", "...", ".a", "a/b", "a+b", "%2E", "zookeeper", "~", " "));
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder key = new StringBuilder();
            for (int k = random.nextInt(12); k >= 0; k--) {
                int c = random.nextInt(0x3000);
                key.appendCodePoint(Character.isISOControl(c) || random.nextBoolean() ? '!' + random.nextInt(90) : c);
            }
            keys.add(Canonical.key(key.toString()));
        }
        keys.add("\uf8ff".repeat(Limits.KEY_BYTES / 3));

        for (String key : keys) {
            String path = nodes.path(key);
            PathUtils.validatePath(path);
            assertThat(nodes.keyAt(path)).contains(key);
            assertThat(path).startsWith(nodes.bucketOf(key) + "/");
        }
        assertThat(keys.stream().map(nodes::path).distinct().count())
                .isEqualTo(keys.stream().distinct().count());
    }

    @Test
    void a_full_bucket_of_the_longest_names_fits_one_answer() {
        int name = nodes.path("\uf8ff".repeat(Limits.KEY_BYTES / 3)).length()
                - nodes.bucketOf("").length()
                - 1;

        assertThat(StateNodes.KEYS_PER_BUCKET * (name + Integer.BYTES)).isLessThan(1 << 20);
    }

    @Test
    void keys_spread_over_all_buckets_which_are_the_same_for_everybody() {
        List<String> used = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            used.add(nodes.bucketOf("key/" + i));
        }

        assertThat(used).containsAll(nodes.buckets());
        assertThat(nodes.buckets()).containsAll(used).hasSize(StateNodes.BUCKETS);
        assertThat(nodes.bucketOf("plan/step")).isEqualTo("/agentcoord/s/state/01");
    }

    @Test
    void what_is_no_key_has_none() {
        assertThat(nodes.keyAt("/agentcoord/s/state")).isEmpty();
        assertThat(nodes.keyAt("/agentcoord/s/state/00")).isEmpty();
        assertThat(nodes.keyAt("/agentcoord/s/state/00/")).isEmpty();
        assertThat(nodes.keyAt("/agentcoord/t/state/00/a")).isEmpty();
        assertThat(nodes.keyAt("/agentcoord/s/state/00/%zz")).isEmpty();
        assertThat(nodes.keyAt("/agentcoord/s/state/01/plan+step")).contains("plan/step");
        assertThat(nodes.keyAt("/agentcoord/s/state/02/plan+step")).isEmpty();
        assertThatThrownBy(() -> nodes.key("/agentcoord/s/state/00", "a b")).isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void an_ephemeral_value_says_whose_it_is() {
        SessionId owner = SessionId.random();
        byte[] value = {1, '\n', 2};
        Stat stat = new Stat();
        stat.setMzxid(7);
        assertThat(nodes.value("k", new Found(StateNodes.data(value, Optional.empty()), stat))
                        .value())
                .isEqualTo(value);
        stat.setEphemeralOwner(1);
        Found found = new Found(StateNodes.data(value, Optional.of(owner)), stat);

        assertThat(nodes.value("k", found).value()).isEqualTo(value);
        assertThat(nodes.value("k", found).owner()).contains(owner);
        assertThat(nodes.value("k", found).revision()).isEqualTo(7);
        assertThatThrownBy(() -> nodes.value("k", new Found(value, stat))).isInstanceOf(CorruptRecordException.class);
        assertThatThrownBy(() -> nodes.value("k", new Found("x".getBytes(StandardCharsets.UTF_8), stat)))
                .isInstanceOf(CorruptRecordException.class);
    }
}
