package dev.agentcoord.zk;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.StoreFormatException;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.record.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException.NodeExistsException;
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

    /** Opens or makes the space; throws {@link StoreFormatException} for one that this version does not know. */
    static SpaceNode open(CuratorFramework client, ZkOptions options, TimeSource time) throws Exception {
        ensureChroot(client, options);
        String path = ROOT + "/" + options.space();
        ensure(client, ROOT, EMPTY, Clients.sharedAcl(options));
        ensure(client, path, describe(time.wall().toEpochMilli()), Clients.acl(options));
        SpaceNode space = read(path, client.getData().forPath(path));
        ensure(client, space.sessions(), EMPTY, Clients.acl(options));
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

    /** A chroot is never made: a mistyped one would be a second place where some coordinate and others do not. */
    private static void ensureChroot(CuratorFramework client, ZkOptions options) throws Exception {
        String chroot = ConnectString.chroot(options.connect());
        if (!chroot.isEmpty() && client.checkExists().forPath("/") == null) {
            throw new InvalidRequestException(
                    options.connect(),
                    "there is no " + chroot + " on ZooKeeper " + ConnectString.hosts(options.connect())
                            + "; correct the chroot, or make it: zkCli.sh create " + chroot);
        }
    }

    private static void ensure(CuratorFramework client, String path, byte[] data, List<ACL> acl) throws Exception {
        if (client.checkExists().forPath(path) != null) {
            return;
        }
        try {
            client.create().withACL(acl).forPath(path, data);
        } catch (NodeExistsException e) {
            // Another client made it at the same time, or this one did and did not hear of it: both are what is wanted.
            return;
        }
    }
}
