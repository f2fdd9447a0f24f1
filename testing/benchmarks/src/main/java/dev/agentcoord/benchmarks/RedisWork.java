package dev.agentcoord.benchmarks;

import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntry;

/** A Redis stream with a consumer group, as its manual describes: XADD, XREADGROUP, XACK. */
final class RedisWork implements WorkLine {
    private static final String STREAM = "work";
    private static final String GROUP = "agents";
    private static final int PATIENCE_MILLIS = 300;

    private final Jedis connection;
    private final String consumer;

    RedisWork(int port, String consumer) {
        this.connection = new Jedis("127.0.0.1", port);
        this.consumer = consumer;
        try {
            connection.xgroupCreate(STREAM, GROUP, new StreamEntryID(), true);
        } catch (JedisDataException e) {
            if (!String.valueOf(e.getMessage()).startsWith("BUSYGROUP")) {
                throw e;
            }
        }
    }

    @Override
    public void put(String payload) {
        connection.xadd(STREAM, XAddParams.xAddParams(), Map.of("payload", payload));
    }

    @Override
    public boolean takeAndFinish() {
        List<Map.Entry<String, List<StreamEntry>>> read = connection.xreadGroup(
                GROUP,
                consumer,
                XReadGroupParams.xReadGroupParams().count(1).block(PATIENCE_MILLIS),
                Map.of(STREAM, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
        if (read == null || read.isEmpty()) {
            return false;
        }
        connection.xack(STREAM, GROUP, read.get(0).getValue().get(0).getID());
        return true;
    }

    @Override
    public void close() {
        connection.close();
    }
}
