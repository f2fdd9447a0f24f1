package dev.agentcoord.zk;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.StoreFormatException;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.zk.Requests.Found;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.ACL;

/**
 * The root of one space, {@code /agentcoord/<space>}, and what it says of itself; made by whoever comes first.
 *
 * @param path of the root
 * @param incarnation milliseconds of the wall clock when it was made: a later space has a larger one
 */
record SpaceNode(String path, long incarnation) {
    /** What this version writes, and the highest it takes part in. */
    static final int FORMAT = 1;

    private static final String ROOT = "/agentcoord";
    private static final byte[] EMPTY = {};

    /** Where the records of its sessions are. */
    String sessions() {
        return path + "/sessions";
    }

    /** Where its tickets are. */
    String locks() {
        return path + "/locks";
    }

    /** Where a session finds what others want of it. */
    String notes() {
        return path + "/notes";
    }

    /** Where the latest thefts are. */
    String thefts() {
        return path + "/thefts";
    }

    /** Where its shared state is. */
    StateNodes state() {
        return new StateNodes(path + "/state");
    }

    /** Where its queues are. */
    String queues() {
        return path + "/queues";
    }

    /** Where one of them is. */
    QueueNodes queue(String name) {
        return new QueueNodes(queues() + "/" + name);
    }

    /** Where each session notes which of its changes was the last. */
    String writers() {
        return path + "/writers";
    }

    /** Opens or makes the space; throws {@link StoreFormatException} for one that this version does not know. */
    static SpaceNode open(Call call, Requests requests, ZkOptions options, TimeSource time) throws KeeperException {
        Maker maker = new Maker(call, requests);
        maker.ensureChroot(options);
        String path = ROOT + "/" + options.space();
        maker.ensure(ROOT, EMPTY, Clients.sharedAcl(options));
        byte[] said = maker.ensure(path, describe(time.wall().toEpochMilli()), Clients.acl(options));
        SpaceNode space = read(path, said);
        for (String part : List.of(
                space.sessions(), space.locks(), space.notes(), space.thefts(), space.writers(), space.queues())) {
            maker.ensure(part, EMPTY, Clients.acl(options));
        }
        maker.ensureTogether(space.state().root(), space.state().buckets(), Clients.acl(options));
        return space;
    }

    /** Reads what a space says of itself. */
    static SpaceNode read(String path, byte[] bytes) {
        Json.Fields fields = Json.read(path, bytes);
        long requires = fields.number("requires");
        if (requires < 1 || requires > FORMAT) {
            throw new StoreFormatException(
                    path,
                    path + " needs format " + requires + ", this version knows " + FORMAT
                            + "; use the version of agentcoord that made it, or newer");
        }
        return new SpaceNode(path, fields.number("incarnation"));
    }

    private static byte[] describe(long incarnation) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("incarnation", incarnation);
        fields.put("format", FORMAT);
        fields.put("requires", FORMAT);
        return Json.write(fields);
    }

    /** Makes what is not there; whatever was made by another at the same time is as good. */
    private record Maker(Call call, Requests requests) {
        /** A chroot is never made: a mistyped one would be a second place where some coordinate and others do not. */
        void ensureChroot(ZkOptions options) throws KeeperException {
            String chroot = ConnectString.chroot(options.connect());
            if (!chroot.isEmpty() && call.await(requests.data("/", null)).isEmpty()) {
                throw new InvalidRequestException(
                        options.connect(),
                        "there is no " + chroot + " on ZooKeeper " + ConnectString.hosts(options.connect())
                                + "; correct the chroot, or make it: zkCli.sh create " + chroot);
            }
        }

        /** What it holds. */
        byte[] ensure(String path, byte[] data, List<ACL> acl) throws KeeperException {
            while (true) {
                Optional<Found> found = call.await(requests.data(path, null));
                if (found.isPresent()) {
                    return found.get().bytes();
                }
                make(requests.create(path, data, acl, CreateMode.PERSISTENT));
            }
        }

        /** A znode and those below it, all or none of which are there. */
        void ensureTogether(String parent, List<String> below, List<ACL> acl) throws KeeperException {
            List<Op> all = new ArrayList<>();
            all.add(Op.create(parent, EMPTY, acl, CreateMode.PERSISTENT));
            below.forEach(path -> all.add(Op.create(path, EMPTY, acl, CreateMode.PERSISTENT)));
            while (call.await(requests.stat(parent)).isEmpty()) {
                make(requests.multi(all));
            }
        }

        private void make(CompletableFuture<?> made) throws KeeperException {
            try {
                call.await(made);
            } catch (NodeExistsException e) {
                // Another client made it at the same time, or this one did and did not hear of it: it is read next.
                return;
            }
        }
    }
}
