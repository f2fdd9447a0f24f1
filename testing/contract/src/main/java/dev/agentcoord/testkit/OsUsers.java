package dev.agentcoord.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Operating-system users of a test, of whom some share a group, until they are removed. Only after {@link Requirement#users()}. Not
 * thread-safe.
 */
public final class OsUsers {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String prefix = "ac" + ProcessHandle.current().pid() + "n" + COUNT.incrementAndGet();
    private final List<String> made = new ArrayList<>();

    /**
     * What a command said and how it ended.
     *
     * @param status its exit status
     * @param output standard output and error
     */
    public record Result(int status, String output) {}

    /** Makes the group and no user yet. */
    public OsUsers() throws IOException, InterruptedException {
        must("groupadd", group());
    }

    /** The name of the group. */
    public String group() {
        return prefix + "g";
    }

    /** The full name of a user of this test. */
    public String name(String who) {
        return prefix + who;
    }

    /** Makes a user who is in the group. */
    public void addMember(String who) throws IOException, InterruptedException {
        must("useradd", "--no-create-home", "--no-user-group", "-g", "nogroup", "-G", group(), name(who));
        made.add(name(who));
    }

    /** Makes a user who is not. */
    public void addOutsider(String who) throws IOException, InterruptedException {
        must("useradd", "--no-create-home", "--no-user-group", "-g", "nogroup", name(who));
        made.add(name(who));
    }

    /** The beginning of a command that is to run as that user. */
    public List<String> as(String who) {
        return List.of("setpriv", "--reuid", name(who), "--regid", "nogroup", "--init-groups", "--reset-env");
    }

    /** Runs a command as that user to its end, with nothing of this environment. */
    public Result run(String who, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(as(who));
        all.addAll(List.of(command));
        return run(all);
    }

    /** Runs a command as this process's user; throws {@link IOException} with its output when it fails. */
    public static void must(String... command) throws IOException, InterruptedException {
        Result result = run(List.of(command));
        if (result.status != 0) {
            throw new IOException(String.join(" ", command) + ": " + result.output);
        }
    }

    private static Result run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    /** Removes all of them; their processes and files must be gone before. */
    public void remove() throws IOException, InterruptedException {
        for (String user : made) {
            must("userdel", user);
        }
        must("groupdel", group());
    }
}
