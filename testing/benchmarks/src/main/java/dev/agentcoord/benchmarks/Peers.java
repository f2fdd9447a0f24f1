package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The servers that are measured beside us, each started when first asked for. Not thread-safe. */
final class Peers implements AutoCloseable {
    private final Ground ground;
    private @Nullable RedisPeer redis;
    private @Nullable RedisPeer syncedRedis;
    private @Nullable BeanstalkPeer beanstalk;
    private @Nullable BeanstalkPeer syncedBeanstalk;
    private @Nullable EtcdPeer etcd;
    private @Nullable ZkServer zookeeper;
    private boolean sought;
    private boolean soughtEtcd;
    private boolean soughtForQueues;

    Peers(Ground ground) {
        this.ground = ground;
    }

    /** Redis, or null where it is not installed. */
    @Nullable RedisPeer redis() throws IOException, InterruptedException {
        if (!sought) {
            sought = true;
            redis = RedisPeer.start(ground.directory()).orElse(null);
        }
        return redis;
    }

    /** Redis that syncs each write, or null where it is not installed. */
    @Nullable RedisPeer syncedRedis() throws IOException, InterruptedException {
        startForQueues();
        return syncedRedis;
    }

    /** beanstalkd in memory, or null where it is not installed. */
    @Nullable BeanstalkPeer beanstalk() throws IOException, InterruptedException {
        startForQueues();
        return beanstalk;
    }

    /** beanstalkd that syncs each write, or null where it is not installed. */
    @Nullable BeanstalkPeer syncedBeanstalk() throws IOException, InterruptedException {
        startForQueues();
        return syncedBeanstalk;
    }

    private void startForQueues() throws IOException, InterruptedException {
        if (!soughtForQueues) {
            soughtForQueues = true;
            Path synced = Files.createDirectories(ground.directory().resolve("synced-peers"));
            syncedRedis = RedisPeer.startSynced(synced).orElse(null);
            syncedBeanstalk = BeanstalkPeer.startSynced(synced).orElse(null);
            beanstalk = BeanstalkPeer.start(ground.directory()).orElse(null);
        }
    }

    /** etcd, which syncs each write, or null where it is not installed. */
    @Nullable EtcdPeer etcd() throws IOException, InterruptedException {
        if (!soughtEtcd) {
            soughtEtcd = true;
            etcd = EtcdPeer.start(ground.directory()).orElse(null);
        }
        return etcd;
    }

    /** One ZooKeeper server, on which we and Curator are measured. */
    ZkServer zookeeper() {
        ZkServer running = zookeeper;
        if (running == null) {
            running = ZkServer.start(ground.directory());
            zookeeper = running;
        }
        return running;
    }

    @Override
    public void close() {
        Stream.of(redis, syncedRedis, beanstalk, syncedBeanstalk, etcd, zookeeper)
                .filter(Objects::nonNull)
                .forEach(Peer::close);
    }
}
