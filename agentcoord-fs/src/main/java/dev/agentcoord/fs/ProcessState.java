package dev.agentcoord.fs;

import dev.agentcoord.ProcessId;
import dev.agentcoord.core.ProcessStat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What {@code /proc/<pid>/stat} proves about one process, in the pid namespace of this one. */
enum ProcessState {
    /** It runs or sleeps. */
    ALIVE,
    /** It is there but stopped by a signal or a debugger. */
    STOPPED,
    /** It is gone, its pid belongs to another, or it is a zombie with no thread left. */
    GONE,
    /** It cannot be told. */
    UNKNOWN;

    private static final Path PROC = Path.of("/proc");

    /** Looks at the process now. */
    static ProcessState of(ProcessId process) {
        try {
            return parse(stat(process.pid()), process.startTicks());
        } catch (NoSuchFileException e) {
            return GONE;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    static ProcessState parse(String stat, long startTicks) {
        return ProcessStat.parse(stat)
                .filter(found -> found.startTicks() == startTicks)
                .map(ProcessState::of)
                .orElse(GONE);
    }

    private static ProcessState of(ProcessStat found) {
        return switch (found.state()) {
            case "X", "x" -> GONE;
            case "Z" -> found.threads() > 1 ? ALIVE : GONE;
            case "T", "t" -> STOPPED;
            default -> ALIVE;
        };
    }

    private static String stat(long pid) throws IOException {
        return Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
    }
}
