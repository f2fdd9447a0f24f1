package dev.agentcoord.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.queue.SimpleDistributedQueue;

/** Curator's SimpleDistributedQueue: a task is gone once it is taken, whatever becomes of who took it. */
final class CuratorWork implements WorkLine {
    private static final int PATIENCE_MILLIS = 300;

    private final CuratorFramework client;
    private final SimpleDistributedQueue queue;

    CuratorWork(CuratorFramework client) {
        this.client = client;
        this.queue = new SimpleDistributedQueue(client, "/bench/work");
    }

    @Override
    public void put(String payload) {
        try {
            queue.offer(payload.getBytes(StandardCharsets.US_ASCII));
        } catch (Exception e) {
            throw new IllegalStateException("Curator's queue failed", e);
        }
    }

    @Override
    public boolean takeAndFinish() {
        try {
            return queue.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS) != null;
        } catch (Exception e) {
            throw new IllegalStateException("Curator's queue failed", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
