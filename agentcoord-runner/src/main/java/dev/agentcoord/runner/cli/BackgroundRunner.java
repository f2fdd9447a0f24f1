package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.Launcher;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.RunRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the same {@code run} again as a process of its own, which no terminal and no Ctrl-C reaches. */
final class BackgroundRunner {
    /** Names the file of options that the launcher started this JVM with. */
    private static final String OPTIONS_PROPERTY = "agentcoord.options";
    /** A JVM heeds neither signal when it starts with both ignored; a new process session keeps it from the terminal. */
    private static final String DETACHED =
            "trap '' HUP INT; if command -v setsid >/dev/null; then exec setsid \"$@\"; fi; exec \"$@\"";

    private BackgroundRunner() {}

    /** Returns the started run; a failure is told as if it had happened here. */
    static RunRecord start(Context context) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("sh", "-c", DETACHED, "sh"));
        words.addAll(java());
        words.addAll(arguments(context.request().arguments()));
        Process process = new ProcessBuilder(words)
                .directory(context.request().directory().toFile())
                .start();
        process.getOutputStream().close();
        try (BufferedReader out = reader(process.getInputStream());
                BufferedReader err = reader(process.getErrorStream())) {
            String line = out.readLine();
            if (line != null) {
                return RunRecord.parse(line);
            }
            List<String> errors = err.lines().toList();
            errors.subList(0, Math.max(0, errors.size() - 1)).forEach(context.reply()::err);
            throw Refusal.relayed(
                    process.waitFor(), errors.isEmpty() ? "the runner ended at once" : errors.get(errors.size() - 1));
        }
    }

    private static List<String> arguments(List<String> own) {
        List<String> words = new ArrayList<>(own);
        words.add(1, "--background");
        words.subList(0, words.indexOf("--")).removeIf(JsonNotes::isAskedBy); // It is read by this process.
        return words;
    }

    private static List<String> java() {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String options = System.getProperty(OPTIONS_PROPERTY, "");
        if (options.isEmpty()) {
            words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
            words.add(Launcher.option());
            words.addAll(List.of("-cp", System.getProperty("java.class.path")));
        } else {
            words.add("@" + options);
        }
        words.add(Main.class.getName());
        return words;
    }

    private static BufferedReader reader(java.io.InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }
}
