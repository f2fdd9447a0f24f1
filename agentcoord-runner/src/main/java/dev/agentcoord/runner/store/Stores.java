package dev.agentcoord.runner.store;

import dev.agentcoord.Coordinator;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.fs.FsCoordinator;
import dev.agentcoord.runner.text.Durations;
import dev.agentcoord.zk.ZkCoordinator;
import dev.agentcoord.zk.ZkOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Opens the store of a place, on the file system or on ZooKeeper, with the credentials that the environment names. Stateless; throws
 * typed errors of the library.
 */
public final class Stores {
    /** Names a file that holds {@code user:password} for ZooKeeper. */
    private static final String DIGEST_FILE = "AGENTCOORD_ZK_DIGEST_FILE";
    /** Names a JAAS file that says how to log in to ZooKeeper by SASL. */
    private static final String JAAS_FILE = "AGENTCOORD_ZK_JAAS_FILE";
    /** Names a file with the certificates of who may vouch for the servers: the connection is then secure. */
    private static final String TRUST_STORE = "AGENTCOORD_ZK_TRUSTSTORE";
    /** Names a file with this client's own key, where the servers ask for one. */
    private static final String KEY_STORE = "AGENTCOORD_ZK_KEYSTORE";
    /** Names a file with the password of both. */
    private static final String STORE_PASSWORD = "AGENTCOORD_ZK_STORE_PASSWORD_FILE";
    /** How long ZooKeeper waits for a silent session, such as {@code 20s}. */
    private static final String TTL = "AGENTCOORD_ZK_TTL";

    private Stores() {}

    /**
     * The coordinator of a place's space; throws {@link StoreUnavailableException} when the store cannot be reached or written.
     *
     * @param environment says who to be towards ZooKeeper, and how patient it is to be
     */
    public static Coordinator open(Place place, Map<String, String> environment) {
        return switch (place.store().kind()) {
            case FS -> FsCoordinator.open(Path.of(place.store().location()), place.space());
            case ZK -> ZkCoordinator.connect(zooKeeper(place, environment));
        };
    }

    /** How a place on ZooKeeper is reached. */
    public static ZkOptions zooKeeper(Place place, Map<String, String> environment) {
        ZkOptions options = ZkOptions.of(place.store().location(), place.space());
        String ttl = environment.getOrDefault(TTL, "");
        if (!ttl.isEmpty()) {
            options = options.withTtl(Durations.parse(ttl));
        }
        Optional<Path> trust = file(environment, TRUST_STORE);
        if (trust.isPresent()) {
            Path password = file(environment, STORE_PASSWORD)
                    .orElseThrow(() -> new InvalidRequestException(
                            TRUST_STORE, "with " + TRUST_STORE + " set " + STORE_PASSWORD + " too"));
            options = options.withTls(new ZkOptions.Tls(trust.get(), file(environment, KEY_STORE), password));
        }
        Optional<Path> login = file(environment, JAAS_FILE);
        if (login.isPresent()) {
            options = options.withSaslFile(login.get());
        }
        return file(environment, DIGEST_FILE).map(options::withDigestFile).orElse(options);
    }

    private static Optional<Path> file(Map<String, String> environment, String name) {
        return Optional.of(environment.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }
}
