package dev.agentcoord.fs;

import dev.agentcoord.testkit.OsUsers;
import java.io.IOException;
import java.nio.file.Path;

/** This JVM's class path for processes of other users: the build may lie where they cannot go. */
final class ReadableClasses {
    private ReadableClasses() {}

    /** Copies it into the directory, which becomes readable by all. */
    static ChildClasses copyTo(Path directory) throws IOException, InterruptedException {
        ChildClasses classes = ChildClasses.inJars(directory).archived();
        OsUsers.must("chmod", "-R", "a+rX", directory.toString());
        return classes;
    }
}
