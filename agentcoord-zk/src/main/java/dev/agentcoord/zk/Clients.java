package dev.agentcoord.zk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;

/** How Curator is set up; why each setting, is in docs/decisions.md. */
final class Clients {
    private static final int RETRY_PAUSE_MILLIS = 50;

    private Clients() {}

    /** A client that is not started yet. */
    static CuratorFramework make(ZkOptions options) {
        CuratorFrameworkFactory.Builder builder = CuratorFrameworkFactory.builder()
                .connectString(options.connect())
                .sessionTimeoutMs(millis(options.ttl()))
                .connectionTimeoutMs(millis(options.timeout()))
                .retryPolicy(new RetryOneTime(RETRY_PAUSE_MILLIS))
                .ensembleTracker(false)
                .zookeeperFactory(new DirectClient.Factory());
        builder.zkClientConfig(config(options));
        options.digest().ifPresent(who -> builder.authorization("digest", who.bytes()));
        return builder.build();
    }

    private static ZKClientConfig config(ZkOptions options) {
        ZKClientConfig config = new ZKClientConfig();
        SaslLogin.configure(config, options.sasl());
        options.tls().ifPresent(how -> secure(config, how));
        return config;
    }

    private static void secure(ZKClientConfig config, ZkOptions.Tls how) {
        config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
        config.setProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
        config.setProperty("zookeeper.ssl.trustStore.location", how.trustStore().toString());
        config.setProperty(
                "zookeeper.ssl.trustStore.passwordPath", how.passwordFile().toString());
        how.keyStore().ifPresent(keys -> {
            config.setProperty("zookeeper.ssl.keyStore.location", keys.toString());
            config.setProperty(
                    "zookeeper.ssl.keyStore.passwordPath", how.passwordFile().toString());
        });
    }

    /** For a space: with credentials, only who has them; without, everybody who can connect, as ZooKeeper does by default. */
    static List<ACL> acl(ZkOptions options) {
        return options.hasCredentials() ? ZooDefs.Ids.CREATOR_ALL_ACL : ZooDefs.Ids.OPEN_ACL_UNSAFE;
    }

    /** For the parent of all spaces: whoever comes first must not close it to other teams, nor may they delete each other's spaces. */
    static List<ACL> sharedAcl(ZkOptions options) {
        if (!options.hasCredentials()) {
            return acl(options);
        }
        List<ACL> shared = new ArrayList<>(acl(options));
        shared.add(new ACL(ZooDefs.Perms.READ | ZooDefs.Perms.CREATE, ZooDefs.Ids.ANYONE_ID_UNSAFE));
        return shared;
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
