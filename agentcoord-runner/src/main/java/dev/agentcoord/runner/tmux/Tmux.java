package dev.agentcoord.runner.tmux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The private tmux server of one agent, on a socket in a directory only its user may enter. It is never shared: whoever reaches a
 * tmux socket can run code as its owner. Each call is one short tmux client process.
 */
public final class Tmux {
    private static final Pattern VERSION = Pattern.compile("tmux \\D*(\\d+)\\.(\\d+).*", Pattern.DOTALL);
    /** Names the variable in which the server keeps the file that {@link #start} logs to. */
    public static final String LOG_VARIABLE = "AGENTCOORD_LOG";
    /** Names the variable with the bytes after which a log is begun anew. */
    public static final String LOG_LIMIT_VARIABLE = "AGENTCOORD_LOG_LIMIT";
    /**
     * A constant: tmux hands it to a shell and expands formats in it. Every 64 reads it looks whether the log is full, which then
     * becomes the previous log; reads that brought nothing mean the end.
     */
    private static final String APPEND_TO_LOG = """
            umask 077
            size() { wc -c <"$AGENTCOORD_LOG"; }
            while before=$(size); dd bs=64k count=64 >>"$AGENTCOORD_LOG" 2>/dev/null; after=$(size); [ "$after" -ne "$before" ]; do
            if [ "$after" -ge "$AGENTCOORD_LOG_LIMIT" ]; then mv -f "$AGENTCOORD_LOG" "$AGENTCOORD_LOG.1"; : >"$AGENTCOORD_LOG"; fi
            done""";

    private final Path socket;

    /** The server on that socket, running or not. */
    public Tmux(Path socket) {
        this.socket = socket;
    }

    /** Its version as it names it. Throws {@link TmuxException} with the command that installs it when tmux is missing or older than 3.3. */
    public static String requireUsable() throws IOException, InterruptedException {
        String version;
        try {
            version = output(new ProcessBuilder("tmux", "-V").start());
        } catch (TmuxException e) {
            throw e;
        } catch (IOException e) {
            throw new TmuxException("tmux is missing. Next: apt-get install tmux (or brew, dnf)");
        }
        Matcher m = VERSION.matcher(version);
        if (m.matches() && Integer.parseInt(m.group(1)) * 1_000 + Integer.parseInt(m.group(2)) < 3_003) {
            throw new TmuxException(version.strip() + " is too old, 3.3 is needed. Next: apt-get install tmux");
        }
        return version.strip();
    }

    /**
     * Starts the server with one session, whose pane runs a command and whose output goes from the first byte to the file named by
     * {@link #LOG_VARIABLE}. The working directory goes by the process, never by an option: tmux expands formats in the option.
     */
    public Pane start(String session, Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path config = socket.resolveSibling("tmux.conf");
        Files.writeString(config, TmuxConfig.text());
        List<String> words = new ArrayList<>(
                List.of("new-session", "-d", "-P", "-F", Pane.FORMAT, "-x", "200", "-y", "50", "-s", session, "--"));
        words.addAll(command);
        TmuxArguments arguments = TmuxArguments.command(words.toArray(String[]::new))
                .then("pipe-pane", "-t", target(session), APPEND_TO_LOG);
        List<String> all = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString(), "-f", config.toString()));
        all.addAll(arguments.list());
        ProcessBuilder builder = new ProcessBuilder(all).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return Pane.parse(output(builder.start()));
    }

    /** The command that shows a session on the caller's terminal; to be started without {@code TMUX} in its environment. */
    public List<String> attachCommand(String session) {
        return List.of("tmux", "-u", "-S", socket.toString(), "attach-session", "-t", "=" + session);
    }

    /** Where a log that became full is kept until the next one has. */
    public static Path previousLog(Path log) {
        return log.resolveSibling(log.getFileName() + ".1");
    }

    /**
     * Types a text and Enter, as one bracketed paste where the program asks for that; control characters are left out. The text goes by
     * a buffer of its own, since others may type at the same time.
     */
    public void type(String session, String text) throws IOException, InterruptedException {
        String clean = text.codePoints()
                .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        String buffer = "agentcoord-" + UUID.randomUUID();
        Process load = call(TmuxArguments.command("load-buffer", "-b", buffer, "-"));
        load.getOutputStream().write(clean.getBytes(StandardCharsets.UTF_8));
        output(load);
        output(call(TmuxArguments.command("paste-buffer", "-p", "-d", "-b", buffer, "-t", target(session))
                .then("send-keys", "-t", target(session), "Enter")));
    }

    /** Whether the server answers. */
    public boolean isRunning() throws InterruptedException {
        try {
            settle();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns when the server has dealt with all that reached it before, output of the pane included. */
    public void settle() throws IOException, InterruptedException {
        output(call(TmuxArguments.command("list-sessions")));
    }

    /** Ends the server and with it every pane; no error when it is gone. */
    public void kill() throws InterruptedException {
        try {
            output(call(TmuxArguments.command("kill-server")));
        } catch (IOException e) {
            // It is gone.
        }
    }

    private static String target(String session) {
        return "=" + session + ":";
    }

    private Process call(TmuxArguments arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
        all.addAll(arguments.list());
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().remove("TMUX");
        return builder.start();
    }

    private static String output(Process tmux) throws IOException, InterruptedException {
        tmux.getOutputStream().close();
        String output = new String(tmux.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(tmux.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (tmux.waitFor() != 0) {
            throw new TmuxException("tmux refused: " + errors.strip());
        }
        return output;
    }
}
