package dev.agentcoord.runner.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes executable shell scripts. */
final class Script {

    private Script() {}

    /** Writes {@code body} to {@code file}, in place of what is there, and makes missing directories. */
    static void write(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Makes the system's {@code tool} available in {@code bin}: by a script, as a clean-up follows no link out. */
    static void offer(Path bin, String tool) throws IOException {
        write(bin.resolve(tool), "exec /usr/bin/" + tool + " \"$@\"");
    }
}
