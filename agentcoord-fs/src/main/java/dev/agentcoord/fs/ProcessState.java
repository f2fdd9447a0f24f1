package dev.agentcoord.fs;

import dev.agentcoord.ProcessId;
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
    // Fields of proc(5), counted after the command name in brackets, which may itself hold anything.
    private static final int STATE = 0;
    private static final int THREADS = 17;
    private static final int START = 19;

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
        String[] fields = fields(stat);
        if (fields.length <= START || Long.parseLong(fields[START]) != startTicks) {
            return GONE;
        }
        return switch (fields[STATE]) {
            case "X", "x" -> GONE;
            case "Z" -> Integer.parseInt(fields[THREADS]) > 1 ? ALIVE : GONE;
            case "T", "t" -> STOPPED;
            default -> ALIVE;
        };
    }

    private static String stat(long pid) throws IOException {
        return Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
    }

    private static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    }
}
