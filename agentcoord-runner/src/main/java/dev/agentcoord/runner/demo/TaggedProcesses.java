package dev.agentcoord.runner.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The processes of one demonstration, whoever started them and whatever their parent is now: those with its directory in their
 * environment or command line. Thread-safe.
 */
final class TaggedProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final int PASSES = 50;

    private final String tag;

    TaggedProcesses(Path directory) {
        this.tag = directory.toString();
    }

    List<ProcessHandle> living() {
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self && process.isAlive() && isTagged(process))
                .toList();
    }

    /** Kills them, and what they started meanwhile, until none is left; returns how many are left all the same. */
    int killAll() {
        List<ProcessHandle> left = living();
        for (int pass = 0; pass < PASSES && !left.isEmpty(); pass++) {
            left.forEach(ProcessHandle::destroyForcibly);
            left.forEach(TaggedProcesses::awaitEnd);
            left = living();
        }
        return left.size();
    }

    /** Those whose command line contains the given text. */
    List<ProcessHandle> running(String text) {
        return living().stream()
                .filter(process -> commandLine(process).contains(text))
                .toList();
    }

    private boolean isTagged(ProcessHandle process) {
        return commandLine(process).contains(tag) || read(process, "environ").contains(tag);
    }

    static String commandLine(ProcessHandle process) {
        return Files.isDirectory(PROC)
                ? read(process, "cmdline").replace('\0', ' ')
                : process.info().commandLine().orElse("");
    }

    /** Empty where there is none: of another user, ended, or on a system without /proc. */
    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(
                    PROC.resolve(Long.toString(process.pid())).resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        process.onExit().completeOnTimeout(process, 100, TimeUnit.MILLISECONDS).join();
    }
}
