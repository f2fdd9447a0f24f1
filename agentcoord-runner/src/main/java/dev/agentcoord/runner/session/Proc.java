package dev.agentcoord.runner.session;

import dev.agentcoord.ProcessId;
import dev.agentcoord.core.ProcessStat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Processes as {@code /proc} shows them at the moment of the call. */
final class Proc {
    private static final Path ROOT = Path.of("/proc");

    private Proc() {}

    /**
     * One line of {@code /proc/PID/stat}.
     *
     * @param pid its id
     * @param parent its parent's id
     * @param session the id of its session of processes (setsid)
     * @param isZombie whether it has ended and only waits for its parent to notice
     * @param startTicks when it started, in clock ticks since boot; with the pid an identity
     */
    record Entry(long pid, long parent, long session, boolean isZombie, long startTicks) {
        ProcessId id() {
            return new ProcessId(pid, startTicks);
        }
    }

    /** One process; empty when there is none of that id. */
    static Optional<Entry> find(long pid) {
        try {
            String stat =
                    Files.readString(ROOT.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            return ProcessStat.parse(stat)
                    .map(found -> new Entry(
                            pid, found.parent(), found.session(), isEnded(found.state()), found.startTicks()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isEnded(String state) {
        return state.equals("Z") || state.equals("X");
    }

    /** All processes. */
    static List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> pids = Files.newDirectoryStream(ROOT, "[0-9]*")) {
            pids.forEach(
                    path -> find(Long.parseLong(path.getFileName().toString())).ifPresent(entries::add));
        } catch (IOException e) {
            return List.of(); // No /proc: nothing is known.
        }
        return entries;
    }

    /** Whether any process was started with that variable set to that value. */
    static boolean isAnyMarked(String name, String value) {
        return all().stream().anyMatch(entry -> !entry.isZombie() && hasVariable(entry.pid(), name, value));
    }

    /** Whether a process was started with that variable set to that value; false for processes of others. */
    static boolean hasVariable(long pid, String name, String value) {
        try {
            byte[] environment =
                    Files.readAllBytes(ROOT.resolve(Long.toString(pid)).resolve("environ"));
            String text = "\0" + new String(environment, StandardCharsets.ISO_8859_1);
            return text.contains("\0" + name + "=" + value + "\0");
        } catch (IOException e) {
            return false;
        }
    }
}
