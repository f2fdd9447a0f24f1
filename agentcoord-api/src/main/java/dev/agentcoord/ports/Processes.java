package dev.agentcoord.ports;

import dev.agentcoord.ProcessId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.core.ProcessStat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code /proc} tells of the processes behind sockets, at the moment of the call and as far as this user may look. */
final class Processes {
    private static final Path ROOT = Path.of("/proc");
    /** Names the agent's session to all it starts. */
    private static final String SESSION = "AGENTCOORD_SESSION=";

    private Processes() {}

    /** For each of the sockets the processes that have it open. */
    static Map<Long, List<Long>> having(Set<Long> inodes) {
        Map<Long, List<Long>> found = new HashMap<>();
        if (!inodes.isEmpty()) {
            all().forEach(pid -> socketsOf(pid).stream()
                    .filter(inodes::contains)
                    .forEach(inode ->
                            found.computeIfAbsent(inode, i -> new ArrayList<>()).add(pid)));
        }
        return found;
    }

    /** The name of a user, taken from any process of that user; {@code uid N} where there is none. */
    static String userOf(long uid) {
        for (long pid : all()) {
            Path process = directory(pid);
            try {
                if (((Number) Files.getAttribute(process, "unix:uid", LinkOption.NOFOLLOW_LINKS)).longValue() == uid) {
                    return Files.getOwner(process, LinkOption.NOFOLLOW_LINKS).getName();
                }
            } catch (IOException | UnsupportedOperationException e) {
                // Ended meanwhile.
            }
        }
        return "uid " + uid;
    }

    static String commandOf(long pid) {
        return read(pid, "cmdline");
    }

    /**
     * Whether a process belongs to a session of this pid namespace: it is one of those the session names, descends from one, or carries
     * the session's id in its environment.
     */
    static boolean isOf(SessionInfo session, long pid) {
        Set<Long> seen = new HashSet<>();
        long each = pid;
        Optional<ProcessStat> stat = statOf(each);
        while (stat.isPresent() && seen.add(each)) {
            if (session.processes().contains(new ProcessId(each, stat.get().startTicks()))) {
                return true;
            }
            each = stat.get().parent();
            stat = statOf(each);
        }
        return ("\0" + read(pid, "environ"))
                .contains("\0" + SESSION + session.id().text() + "\0");
    }

    private static Set<Long> socketsOf(long pid) {
        Set<Long> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(directory(pid).resolve("fd"))) {
            descriptors.forEach(descriptor -> socket(descriptor).ifPresent(inodes::add));
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return inodes; // Somebody else's, or ended meanwhile.
        }
        return inodes;
    }

    private static Optional<Long> socket(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:[")
                    ? Optional.of(Long.parseLong(target.replaceAll("[^0-9]", "")))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<ProcessStat> statOf(long pid) {
        return ProcessStat.parse(read(pid, "stat"));
    }

    private static String read(long pid, String file) {
        try {
            return new String(Files.readAllBytes(directory(pid).resolve(file)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static List<Long> all() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(ROOT, "[0-9]*")) {
            processes.forEach(
                    process -> pids.add(Long.parseLong(process.getFileName().toString())));
        } catch (IOException e) {
            return pids; // No /proc: nothing is known.
        }
        return pids;
    }

    private static Path directory(long pid) {
        return ROOT.resolve(Long.toString(pid));
    }
}
