package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SessionId;
import dev.agentcoord.Versioned;
import dev.agentcoord.core.lock.SafeText;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.zk.Requests.Found;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Where the shared state is: one znode for each key, in buckets, so that no list of them is too long to be answered. A bucket's own version
 * counts the keys made in it: as long as that stays, no znode in it is another than before.
 *
 * @param root the znode of all buckets
 */
record StateNodes(String root) {
    /** How many there are; they are never removed. */
    static final int BUCKETS = 64;
    /** So many of the longest names make one answer of less than 1 MiB. */
    static final int KEYS_PER_BUCKET = 640;

    /** Their names: each change of a key asks for one several times. */
    private static final List<String> NAMES = IntStream.range(0, BUCKETS)
            .mapToObj(number -> String.format("/%02x", number))
            .toList();

    /** The paths of all. */
    List<String> buckets() {
        return IntStream.range(0, BUCKETS).mapToObj(this::bucket).toList();
    }

    /** The bucket of a key: the CRC-32 of its UTF-8 tells it. */
    String bucketOf(String key) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        return bucket((int) (crc.getValue() % BUCKETS));
    }

    String path(String key) {
        return bucketOf(key) + "/" + ZnodeName.of(key);
    }

    /** The key of a znode in a bucket; throws {@link CorruptRecordException} for a name that is not that of a key of the bucket. */
    String key(String bucket, String name) {
        try {
            String key = SafeText.read(name);
            if (path(key).equals(bucket + "/" + name)) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            throw notAKey(bucket, name, e);
        }
        throw notAKey(bucket, name, null);
    }

    private static CorruptRecordException notAKey(String bucket, String name, @Nullable Exception cause) {
        return Json.corrupt(bucket + "/" + SafeText.printable(name), "it is not the name of a key there", cause);
    }

    /** The key at a path below; empty for the path of a bucket, of the root, and of what is none. */
    Optional<String> keyAt(String path) {
        int name = root.length() + "/00/".length();
        if (path.length() <= name || !path.startsWith(root) || path.charAt(name - 1) != '/') {
            return Optional.empty();
        }
        try {
            return Optional.of(key(path.substring(0, name - 1), path.substring(name)));
        } catch (CorruptRecordException e) {
            return Optional.empty();
        }
    }

    /** What a znode holds: the value, after a line with the session where the value ends with that. */
    static byte[] data(byte[] value, Optional<SessionId> owner) {
        if (owner.isEmpty()) {
            return value;
        }
        byte[] line = (owner.get().text() + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] data = Arrays.copyOf(line, line.length + value.length);
        System.arraycopy(value, 0, data, line.length, value.length);
        return data;
    }

    /** Reads what {@link #data} wrote; the transaction that wrote it is the revision. */
    Versioned value(String key, Found found) {
        byte[] data = found.bytes();
        long revision = found.stat().getMzxid();
        if (found.stat().getEphemeralOwner() == 0) {
            return new Versioned(key, data, revision);
        }
        try {
            int end = 0;
            while (data[end] != '\n') {
                end++;
            }
            SessionId owner = new SessionId(new String(data, 0, end, StandardCharsets.US_ASCII));
            return new Versioned(key, Arrays.copyOfRange(data, end + 1, data.length), revision, owner);
        } catch (CoordinationException | IndexOutOfBoundsException e) {
            throw Json.corrupt(path(key), "it is ephemeral and does not begin with a session", e);
        }
    }

    private String bucket(int number) {
        return root + NAMES.get(number);
    }
}
