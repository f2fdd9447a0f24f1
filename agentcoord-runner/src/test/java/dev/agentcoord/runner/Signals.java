package dev.agentcoord.runner;

import java.io.IOException;

/** Sends signals, which the JDK can do for two of them only. */
public final class Signals {
    private Signals() {}

    /** Sends one by its name without SIG to a process, or to a process group when negative, by the shell's own {@code kill}. */
    public static void send(String signal, long process) throws IOException, InterruptedException {
        int status = new ProcessBuilder("sh", "-c", "kill -s \"$0\" -- \"$1\"", signal, Long.toString(process))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("process " + process + " took no " + signal);
        }
    }
}
