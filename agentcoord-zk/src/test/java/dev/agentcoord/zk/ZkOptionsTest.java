package dev.agentcoord.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.InvalidRequestException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ZkOptionsTest {
    @Test
    void connect_strings_name_hosts_ports_and_a_chroot() {
        for (String good : List.of(
                "localhost",
                "zk1:2181",
                "zk1:2181,zk2:2182",
                "10.0.0.1:2181/team/web",
                "[::1]:2181/a",
                "zk_1.test:1")) {
            assertThat(ConnectString.fault(good)).as(good).isEmpty();
        }
    }

    @Test
    void other_connect_strings_are_refused() {
        for (String bad : List.of(
                "", "/", ":2181", "a:b", "a:0", "a:65536", "a,,b", "a:2181/", "a:2181/x/", "a/../b", "a/./b", "a b")) {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .as(bad)
                    .isThrownBy(() -> ZkOptions.of(bad, "shop"));
        }
    }

    @Test
    void a_password_in_the_connect_string_is_refused_without_repeating_it() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> ZkOptions.of("bob:secret@zk1:2181", "shop"))
                .satisfies(e -> assertThat(e.toString() + e.subject()).doesNotContain("secret"))
                .withMessageContaining("digest");
    }

    @Test
    void everything_wrong_is_named_at_once() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> new ZkOptions(
                        "?",
                        "Bad Space",
                        Duration.ZERO,
                        Duration.ofDays(1),
                        Optional.empty(),
                        Optional.of(new ZkOptions.Digest("bob", "secret")),
                        Optional.of(new ZkOptions.Sasl(Path.of("login"), "Client"))))
                .withMessageContainingAll("connect string", "space", "ttl", "timeout", "choose one");
    }

    @Test
    void a_digest_never_shows_its_password() {
        ZkOptions options = ZkOptions.of("localhost", "shop").withDigest("bob", "secret");

        assertThat(options.toString()).contains("bob").doesNotContain("secret");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> options.withDigest("a:b", "secret"))
                .satisfies(e -> assertThat(e.toString()).doesNotContain("secret"));
    }
}
