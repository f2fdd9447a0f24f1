package dev.agentcoord.testkit;

import java.io.IOException;
import java.util.List;

/** Sends signals, which the JDK can do for two of them only, and starts what can receive them. Thread-safe. */
public final class Signals {
    private Signals() {}

    /**
     * The words before a command that shall end at {@code INT} wherever the tests run: who is started in the background of a script
     * ignores that signal, and so does all that it starts.
     */
    public static List<String> interruptible() {
        return List.of("env", "--default-signal=INT");
    }

    /**
     * Sends one by its name without SIG to a process, or to a process group when negative, by the shell's own {@code kill}; throws when
     * the process took none, as when it has ended.
     */
    public static void send(String signal, long process) throws IOException {
        int status = new ProcessBuilder("sh", "-c", "kill -s \"$0\" -- \"$1\"", signal, Long.toString(process))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
        if (status != 0) {
            throw new IOException("process " + process + " took no " + signal);
        }
    }
}
