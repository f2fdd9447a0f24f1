package dev.agentcoord.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.StoreFormatException;
import dev.agentcoord.StoreUnavailableException;
import java.time.Duration;
import org.apache.curator.test.InstanceSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RefusalsIT {
    @RegisterExtension
    static final OneServer SERVER = new OneServer();

    @Test
    void a_server_that_is_not_there_is_named_within_the_timeout() {
        String nowhere = "127.0.0.1:" + InstanceSpec.getRandomPort();
        long start = System.nanoTime();

        assertRefused(
                StoreUnavailableException.class,
                ZkOptions.of(nowhere, "shop").withTimeout(Duration.ofSeconds(1)),
                nowhere,
                "1000 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void a_ttl_that_the_server_does_not_grant_is_refused_with_both_numbers() {
        assertRefused(
                InvalidRequestException.class,
                options("shop").withTtl(Duration.ofSeconds(60)),
                "10000 ms",
                "60000 ms",
                "maxSessionTimeout");
    }

    @Test
    void a_ttl_of_fewer_ticks_than_certainty_needs_says_how_many() {
        assertRefused(
                InvalidRequestException.class,
                options("shop").withTtl(Duration.ofMillis(900)),
                "900 ms",
                "1000 ms",
                "five",
                "tickTime",
                "2500 ms");
    }

    @Test
    void a_chroot_that_does_not_exist_is_refused_and_not_made() throws Exception {
        assertRefused(
                InvalidRequestException.class,
                ZkOptions.of(SERVER.connect() + "/typo/x", "shop").withTtl(Duration.ofSeconds(5)),
                "/typo/x",
                "create");
        try (RawClient raw = new RawClient(SERVER.connect())) {
            assertThat(raw.has("/typo")).isFalse();
        }
    }

    @Test
    void a_space_made_with_credentials_is_closed_to_everybody_else() {
        ZkOptions owner = options("private").withDigest("alice", "secret");
        try (ZkBackend mine = Zk.open(owner)) {
            mine.join(Participant.named("builder"), new Events());

            assertRefused(StoreUnavailableException.class, options("private"), "credentials", "private");
            assertRefused(
                    StoreUnavailableException.class, options("private").withDigest("alice", "guess"), "user 'alice'");
            try (ZkBackend second = Zk.open(owner)) {
                assertThat(second.sessions()).hasSize(1);
            }
            Zk.open(options("neighbour")).close();
            Zk.open(options("neighbour2").withDigest("bob", "other")).close();
        }
    }

    @Test
    void a_space_of_a_newer_format_is_refused() throws Exception {
        Zk.open(options("older")).close();
        try (RawClient raw = new RawClient(SERVER.connect())) {
            raw.write("/agentcoord/older", "{\"incarnation\":1,\"format\":9,\"requires\":9}");
        }
        assertRefused(StoreFormatException.class, options("older"), "/agentcoord/older", "format 9");
    }

    @Test
    void a_record_that_cannot_be_read_is_named_and_not_skipped() throws Exception {
        try (ZkBackend mine = Zk.open(options("corrupt"));
                RawClient raw = new RawClient(SERVER.connect())) {
            raw.create("/agentcoord/corrupt/sessions/x", "?");

            assertThatExceptionOfType(CorruptRecordException.class)
                    .isThrownBy(mine::sessions)
                    .withMessageContaining("/agentcoord/corrupt/sessions/x");
        }
    }

    @Test
    void a_closed_presence_says_so() {
        ZkBackend mine = Zk.open(options("closed"));
        mine.close();
        mine.close();

        assertThatExceptionOfType(SessionClosedException.class)
                .isThrownBy(mine::sessions)
                .withMessageContaining("connect again");
    }

    @Test
    void an_interrupted_caller_gets_its_answer_and_keeps_its_interruption() {
        try (ZkBackend mine = Zk.open(options("interrupted"))) {
            Thread.currentThread().interrupt();
            ZkStoreSession session = mine.join(Participant.named("builder"), new Events());
            assertThat(mine.sessions()).hasSize(1);
            session.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(mine.sessions()).isEmpty();
        }
    }

    private static ZkOptions options(String space) {
        return ZkOptions.of(SERVER.connect(), space).withTtl(Duration.ofSeconds(5));
    }

    private static void assertRefused(Class<? extends CoordinationException> type, ZkOptions options, String... words) {
        assertThatExceptionOfType(type).isThrownBy(() -> Zk.open(options)).withMessageContainingAll(words);
    }
}
