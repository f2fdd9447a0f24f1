package dev.agentcoord.engine;

import dev.agentcoord.Participant;
import dev.agentcoord.ProcessId;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.core.ProcessStat;
import dev.agentcoord.core.record.SessionCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel says of this process, for a session's record. Where there is no {@code /proc} the boot is empty and the numbers are
 * zero: a store that needs no local proof of death still works there.
 *
 * @param developer owner of the process
 * @param host name of the machine, for people
 * @param bootId of the current boot, or empty
 * @param pidNamespace inode of the pid namespace, or zero
 * @param id its pid and start
 */
public record ThisProcess(String developer, String host, String bootId, long pidNamespace, ProcessId id) {
    private static final Path PROC = Path.of("/proc");

    /** Reads the facts; none of them changes while the process lives. */
    public static ThisProcess read() {
        long pid = ProcessHandle.current().pid();
        try {
            Path self = PROC.resolve("self");
            String namespace =
                    Files.readSymbolicLink(self.resolve("ns/pid")).getFileName().toString();
            return new ThisProcess(
                    Files.getOwner(self.resolve("status"), LinkOption.NOFOLLOW_LINKS)
                            .getName(),
                    Files.readString(PROC.resolve("sys/kernel/hostname")).strip(),
                    Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip(),
                    Long.parseLong(namespace.replaceAll("[^0-9]", "")),
                    new ProcessId(pid, startTicks(self)));
        } catch (IOException e) {
            return new ThisProcess(System.getProperty("user.name"), hostName(), "", 0, new ProcessId(pid, 0));
        }
    }

    /** The record of a session of this process: it comes first among the processes the session lives with. */
    public SessionInfo record(SessionId session, Participant participant, Instant joined) {
        List<ProcessId> processes = new ArrayList<>(participant.processes());
        if (!processes.contains(id)) {
            processes.add(0, id);
        }
        Participant complete = participant.processes(processes);
        return new SessionInfo(session, complete, developer, host, bootId, pidNamespace, joined, SessionCodec.PROTOCOL);
    }

    private static long startTicks(Path self) throws IOException {
        String stat = Files.readString(self.resolve("stat"), StandardCharsets.ISO_8859_1);
        return ProcessStat.parse(stat)
                .orElseThrow(() -> new IOException(self + "/stat is cut short"))
                .startTicks();
    }

    /** Only where the kernel cannot be asked: this one may ask name servers, and wait for those that do not answer. */
    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
