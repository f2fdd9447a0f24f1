package dev.agentcoord.benchmarks;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The servers that are measured beside us, each started when first asked for. Not thread-safe. */
final class Peers implements AutoCloseable {
    private final Ground ground;
    private @Nullable RedisPeer redis;
    private @Nullable CuratorPeer curator;
    private boolean sought;

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

    CuratorPeer curator() throws IOException, InterruptedException {
        CuratorPeer running = curator;
        if (running == null) {
            running = CuratorPeer.start(ground.directory());
            curator = running;
        }
        return running;
    }

    @Override
    public void close() {
        if (redis != null) {
            redis.close();
        }
        if (curator != null) {
            curator.close();
        }
    }
}
