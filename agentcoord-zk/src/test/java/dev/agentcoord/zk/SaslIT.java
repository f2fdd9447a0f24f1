package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Participant;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.Environment;
import org.apache.zookeeper.server.auth.DigestLoginModule;
import org.apache.zookeeper.server.auth.SASLAuthenticationProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins by SASL, with passwords in a JAAS file (DIGEST-MD5), at a server that knows two users. */
final class SaslIT {
    /** So that a busy machine is not taken for a lost connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path dir;

    private static Path logins;
    private static Ensemble ensemble;

    @BeforeAll
    static void start() throws IOException {
        Path server = jaas("server", "Server", "user_alice=\"secret\"\n  user_bob=\"other\"");
        logins = jaas("logins", "Client", "username=\"alice\" password=\"secret\"");
        append(logins, "Bob", "username=\"bob\" password=\"other\"");
        append(logins, "Forger", "username=\"alice\" password=\"guess\"");
        ensemble = Ensemble.start(EnsembleSpec.of(1)
                .tick(Duration.ofSeconds(2))
                .jvm("-D" + Environment.JAAS_CONF_KEY + "=" + server)
                .line("authProvider.sasl=" + SASLAuthenticationProvider.class.getName()));
    }

    @AfterAll
    static void stop() {
        ensemble.close();
        System.clearProperty(Environment.JAAS_CONF_KEY);
        Configuration.setConfiguration(null);
    }

    @Test
    void a_space_made_by_a_login_is_for_that_user_alone() {
        ZkOptions alice = options("private").withSaslFile(logins);
        try (Coordinator space = ZkCoordinator.connect(alice);
                Coordinator again = ZkCoordinator.connect(alice)) {
            assertThat(space.join(Participant.named("builder")).locks().tryAcquire(exclusive(file("a"))))
                    .isPresent();
            assertThat(again.join(Participant.named("other")).locks().tryAcquire(exclusive(file("a"))))
                    .isEmpty();

            assertRefused(StoreUnavailableException.class, options("private").withSaslFile(logins, "Bob"), "'Bob'");
            assertRefused(StoreUnavailableException.class, options("private"), "clients without credentials");
            assertRefused(
                    StoreUnavailableException.class, options("private").withDigest("alice", "secret"), "user 'alice'");
            ZkCoordinator.connect(options("neighbour").withSaslFile(logins, "Bob"))
                    .close();
        }
        assertThat(ZkCoordinator.inspect(alice).openSpace()).isFalse();
    }

    @Test
    void a_wrong_password_is_said_and_not_taken_for_a_server_that_is_away() {
        assertRefused(StoreUnavailableException.class, options("guessed").withSaslFile(logins, "Forger"), "'Forger'");
    }

    @Test
    void a_login_that_cannot_be_meant_is_refused_before_anybody_is_asked() throws IOException {
        ZkOptions plain = ZkOptions.of("127.0.0.1:1", "any");
        assertRefused(InvalidRequestException.class, options("any").withSaslFile(logins, "Nobody"), "'Nobody'");

        Path second = jaas("second", "Client", "username=\"bob\" password=\"other\"");
        assertRefused(InvalidRequestException.class, plain.withSaslFile(second), second.toString(), logins.toString());

        Files.setPosixFilePermissions(second, PosixFilePermissions.fromString("rw-r-----"));
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> plain.withSaslFile(second))
                .withMessageContaining("chmod 600");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> plain.withSaslFile(dir.resolve("none")))
                .withMessageContaining("none");
    }

    private static void assertRefused(Class<? extends CoordinationException> type, ZkOptions options, String... words) {
        assertThatExceptionOfType(type)
                .isThrownBy(() -> ZkCoordinator.connect(options).close())
                .withMessageContainingAll(words);
    }

    private static ZkOptions options(String space) {
        return ZkOptions.of(ensemble.connect(), space).withTtl(PATIENCE).withTimeout(PATIENCE);
    }

    private static Path jaas(String name, String section, String words) throws IOException {
        Path file = Files.createFile(
                dir.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        append(file, section, words);
        return file;
    }

    private static void append(Path file, String section, String words) throws IOException {
        String before = Files.readString(file);
        Files.writeString(
                file,
                before + section + " {\n  " + DigestLoginModule.class.getName() + " required\n  " + words + ";\n};\n");
    }
}
