package dev.agentcoord.zk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.core.TimeSource;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a waiting thread is told by the one that reads the connection, below a chroot too. */
final class DirectClientIT {
    private static final byte[] VALUE = "value".getBytes(UTF_8);

    private Ensemble ensemble;
    private Connection connection;
    private Requests direct;

    @BeforeEach
    void start() throws Exception {
        ensemble = Ensemble.start(EnsembleSpec.of(1).unsynced());
        try (RawClient raw = new RawClient(ensemble.connect())) {
            raw.create("/team", "");
            raw.create("/team/a", "");
        }
        ZkOptions options = ZkOptions.of(ensemble.connect() + "/team", "x").withTtl(Duration.ofSeconds(8));
        connection = Connection.open(options, TimeSource.system(), "direct");
        direct = connection.own().awaited();
    }

    @AfterEach
    void stop() {
        connection.close();
        ensemble.close();
    }

    @Test
    void it_is_answered_as_others_are() throws Exception {
        Requests.Made made = got(make("/a/n-"));
        assertThat(made.path()).startsWith("/a/n-0");
        assertThat(made.stat().getEphemeralOwner()).isEqualTo(connection.id());
        assertThat(got(direct.children("/a", null)).names())
                .containsExactly(made.path().substring("/a/".length()));
        assertThat(got(direct.data(made.path(), null)).orElseThrow().bytes()).isEqualTo(VALUE);
        assertThat(got(direct.data("/a/none", null))).isEmpty();
        assertThat(got(direct.sync("/a"))).isEqualTo("/a");
        assertThat(got(direct.multi(List.of(Op.check("/a", 0), Op.setData(made.path(), VALUE, 0)))))
                .last()
                .isInstanceOf(OpResult.SetDataResult.class);
        assertThat(got(direct.reads(List.of(Op.getData(made.path()), Op.getChildren("/none")))))
                .hasExactlyElementsOfTypes(OpResult.GetDataResult.class, OpResult.ErrorResult.class);
    }

    @Test
    void it_is_refused_as_others_are() {
        assertThatThrownBy(() -> got(make("/none/n-"))).hasCauseInstanceOf(KeeperException.NoNodeException.class);
        assertThatThrownBy(() -> got(direct.children("/none", null)))
                .hasCauseInstanceOf(KeeperException.NoNodeException.class);
        assertThatThrownBy(() -> got(direct.multi(List.of(Op.check("/a", 0), Op.setData("/a", VALUE, 7)))))
                .hasCauseInstanceOf(KeeperException.BadVersionException.class);
        connection.close();
        assertThatThrownBy(() -> got(direct.children("/a", null)))
                .hasCauseInstanceOf(KeeperException.SessionExpiredException.class);
    }

    @Test
    void only_who_asks_for_it_is_told_by_the_thread_that_reads() throws Exception {
        assertThat(threadOf(() -> make("/a/n-"))).contains("SendThread");
        assertThat(threadOf(() -> direct.children("/a", null))).contains("SendThread");
        assertThat(threadOf(() -> direct.data("/a", null))).contains("SendThread");
        assertThat(threadOf(() -> direct.sync("/a"))).contains("SendThread");
        assertThat(threadOf(() -> direct.multi(List.of(Op.check("/a", 0))))).contains("SendThread");
        assertThat(threadOf(() -> direct.reads(List.of(Op.getData("/a"))))).contains("SendThread");
        assertThat(threadOf(() -> direct.data("/a", event -> {}))).contains("EventThread");
        assertThat(threadOf(() -> connection.own().multi(List.of(Op.check("/a", 0)))))
                .contains("EventThread");
    }

    /** Which thread tells; asked again where it had told before anybody listened. */
    private static String threadOf(Supplier<CompletableFuture<?>> request) throws Exception {
        String own = Thread.currentThread().getName();
        String told = own;
        while (told.equals(own)) {
            told = got(request.get().thenApply(answer -> Thread.currentThread().getName()));
        }
        return told;
    }

    private CompletableFuture<Requests.Made> make(String path) {
        return direct.create(path, VALUE, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
    }

    private static <T> T got(CompletableFuture<T> answer) throws Exception {
        return answer.get(30, SECONDS);
    }
}
