package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.curator.test.InstanceSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecurityIT {
    private static final String PASSWORD = "secret-of-stores";

    @TempDir
    private Path dir;

    @Test
    void servers_and_clients_know_each_other_by_certificates_of_one_authority_and_nobody_else() throws Exception {
        authority("ca");
        authority("stranger");
        identity("server", "ca");
        identity("client", "ca");
        identity("intruder", "stranger");
        Path password = Files.writeString(dir.resolve("password"), PASSWORD);
        int port = InstanceSpec.getRandomPort();
        try (Ensemble ensemble = Ensemble.start(secure(port))) {
            assertThat(ensemble.leader().mode()).isEqualTo("standalone");
            String connect = "127.0.0.1:" + port;
            ZkOptions known = options(connect)
                    .withTls(new ZkOptions.Tls(store("ca-trust"), Optional.of(store("client")), password));

            try (Coordinator space = ZkCoordinator.connect(known)) {
                assertThat(space.join(Participant.named("alice")).locks().tryAcquire(exclusive(file("a"))))
                        .isPresent();
            }
            assertRefused(options(connect)
                    .withTls(new ZkOptions.Tls(store("ca-trust"), Optional.of(store("intruder")), password)));
            assertRefused(options(connect)
                    .withTls(new ZkOptions.Tls(store("stranger-trust"), Optional.of(store("client")), password)));
            assertRefused(options(connect));
        }
    }

    private EnsembleSpec secure(int port) {
        return EnsembleSpec.of(1)
                .jvm("-Dzookeeper.serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory")
                .line("secureClientPort=" + port)
                .line("secureClientPortAddress=127.0.0.1")
                .line("ssl.keyStore.location=" + store("server"))
                .line("ssl.keyStore.password=" + PASSWORD)
                .line("ssl.trustStore.location=" + store("ca-trust"))
                .line("ssl.trustStore.password=" + PASSWORD)
                .line("ssl.clientAuth=need");
    }

    private static void assertRefused(ZkOptions options) {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> ZkCoordinator.connect(options.withTimeout(Duration.ofSeconds(2)))
                        .close());
    }

    private static ZkOptions options(String connect) {
        return ZkOptions.of(connect, "secure").withTtl(Duration.ofSeconds(8)).withTimeout(Duration.ofSeconds(20));
    }

    private Path store(String name) {
        return dir.resolve(name + ".p12");
    }

    /** A key that vouches for others, and a store that trusts it. */
    private void authority(String name) throws IOException, InterruptedException {
        keytool(name, "-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "bc:c");
        keytool(
                name,
                "-exportcert",
                "-alias",
                "ca",
                "-rfc",
                "-file",
                dir.resolve(name + ".pem").toString());
        trust(name + "-trust", name);
    }

    /** A key that an authority vouches for. */
    private void identity(String name, String authority) throws IOException, InterruptedException {
        String request = dir.resolve(name + ".csr").toString();
        String certificate = dir.resolve(name + ".crt").toString();
        keytool(name, "-genkeypair", "-alias", "me", "-keyalg", "EC", "-dname", "CN=" + name);
        keytool(name, "-certreq", "-alias", "me", "-file", request);
        keytool(
                authority,
                "-gencert",
                "-alias",
                "ca",
                "-rfc",
                "-infile",
                request,
                "-outfile",
                certificate,
                "-ext",
                "san=ip:127.0.0.1,dns:localhost");
        trust(name, authority);
        keytool(name, "-importcert", "-alias", "me", "-noprompt", "-file", certificate);
    }

    private void trust(String store, String authority) throws IOException, InterruptedException {
        String file = dir.resolve(authority + ".pem").toString();
        keytool(store, "-importcert", "-alias", "root", "-noprompt", "-file", file);
    }

    private void keytool(String store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store(store).toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
