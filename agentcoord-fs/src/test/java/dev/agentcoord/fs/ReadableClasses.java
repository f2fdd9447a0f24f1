package dev.agentcoord.fs;

import dev.agentcoord.testkit.OsUsers;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** This JVM's class path for processes of other users: the build may lie where they cannot go. */
final class ReadableClasses {
    private ReadableClasses() {}

    /** Copies it into the directory, which becomes readable by all. */
    static String copyTo(Path directory) throws IOException, InterruptedException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.isEmpty() && Files.exists(Path.of(entry))) {
                Path copy = directory.resolve("classes-" + copies.size() + (entry.endsWith(".jar") ? ".jar" : ""));
                OsUsers.must("cp", "-r", entry, copy.toString());
                copies.add(copy.toString());
            }
        }
        OsUsers.must("chmod", "-R", "a+rX", directory.toString());
        return String.join(File.pathSeparator, copies);
    }
}
