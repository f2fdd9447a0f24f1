package dev.agentcoord.fs;

import dev.agentcoord.StoreUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What the kernel says of this boot, pid namespace and user. Read once; none of it changes while the process lives.
 *
 * @param boot id of the current boot
 * @param pidNamespace inode of this process's pid namespace
 * @param uid effective user
 * @param hidesOthers whether {@code /proc} hides processes of other users, so that absence there proves nothing
 * @param showsOthers whether {@code /proc} shows another pid namespace than this process's own, so that its pids prove nothing at all
 */
record Machine(UUID boot, long pidNamespace, int uid, boolean hidesOthers, boolean showsOthers) {
    private static final Path PROC = Path.of("/proc");
    private static final Once<Machine> HERE = new Once<>(Machine::read);

    /** Reads the machine this process runs on; throws {@link StoreUnavailableException} where there is no {@code /proc}. */
    static Machine here() {
        return HERE.get();
    }

    boolean isRoot() {
        return uid == 0;
    }

    /** Whether a process may be there although this one does not see it: then its absence proves nothing. */
    boolean mayHide(int user) {
        return hidesOthers && !isRoot() && user != uid;
    }

    private static Machine read() {
        try {
            Path self = PROC.resolve("self");
            String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id"));
            String namespace =
                    Files.readSymbolicLink(self.resolve("ns/pid")).getFileName().toString();
            Path status = self.resolve("status");
            String mounts = Files.readString(self.resolve("mountinfo"), StandardCharsets.ISO_8859_1);
            return new Machine(
                    UUID.fromString(boot.strip()),
                    Long.parseLong(namespace.replaceAll("[^0-9]", "")),
                    (Integer) Files.getAttribute(status, "unix:uid", LinkOption.NOFOLLOW_LINKS),
                    hides(mounts),
                    isSeenFromAbove(Files.readString(status, StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    PROC, "cannot tell who is alive without /proc; use Linux, or a ZooKeeper store", e);
        }
    }

    /** Whether a mount table shows {@code /proc} mounted with {@code hidepid} in any form that hides. */
    static boolean hides(String mountinfo) {
        return mountinfo
                .lines()
                .filter(line -> line.contains(" /proc ") && line.contains(" - proc "))
                .anyMatch(line -> line.matches(".*\\bhidepid=(?!0\\b|off\\b).*"));
    }

    /**
     * Whether a process's status, read where {@code /proc} is mounted, shows it with more than one pid: then that is the {@code /proc}
     * of an outer namespace, as after {@code unshare --pid} without a mount of its own.
     */
    static boolean isSeenFromAbove(String status) {
        return status.lines().anyMatch(line -> line.startsWith("NSpid:") && line.matches("NSpid:\\s+\\d+\\s+\\d.*"));
    }
}
