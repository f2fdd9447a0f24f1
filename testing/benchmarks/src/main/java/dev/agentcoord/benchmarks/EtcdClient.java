package dev.agentcoord.benchmarks;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What is measured of etcd, through jetcd with a connection of its own. */
final class EtcdClient implements AutoCloseable {
    /** Longer than any measurement, so that nothing has to be kept alive. */
    private static final long LEASE_SECONDS = TimeUnit.DAYS.toSeconds(1);

    private static final int SECONDS = 30;
    /** Tells of its transport on standard error. Kept here, or the level that it is given would be forgotten. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private final Client client;

    static {
        GRPC.setLevel(Level.WARNING);
    }

    EtcdClient(int port) {
        this.client = Client.builder().endpoints(EtcdPeer.address(port)).build();
    }

    /** Sets a key that is not there yet, then again and again at the revision that it made the last time. */
    Runnable compareAndSet(String name, byte[] content) {
        KV store = client.getKVClient();
        ByteSequence key = bytes(name);
        ByteSequence value = ByteSequence.from(content);
        long[] revision = {0};
        return () -> {
            TxnResponse done = await(store.txn()
                    .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(revision[0])))
                    .Then(Op.put(key, value, PutOption.DEFAULT))
                    .commit());
            if (!done.isSucceeded()) {
                throw new IllegalStateException("etcd did not set " + name);
            }
            revision[0] = done.getHeader().getRevision();
        };
    }

    /** A lock of etcd's own lock service, with a lease of its own. */
    Lock lock(String name) {
        long lease = await(client.getLeaseClient().grant(LEASE_SECONDS)).getID();
        return new Lock(client.getLockClient(), bytes(name), lease);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.US_ASCII);
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("etcd failed", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** Waits in line for a name. Not thread-safe. */
    static final class Lock {
        private final io.etcd.jetcd.Lock service;
        private final ByteSequence name;
        private final long lease;
        private ByteSequence held = ByteSequence.EMPTY;

        private Lock(io.etcd.jetcd.Lock service, ByteSequence name, long lease) {
            this.service = service;
            this.name = name;
            this.lease = lease;
        }

        void lock() {
            held = await(service.lock(name, lease)).getKey();
        }

        void unlock() {
            await(service.unlock(held));
        }
    }
}
