package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.log.LogSanitizer;
import dev.agentcoord.runner.log.LogTail;
import dev.agentcoord.runner.session.RunRecord;
import dev.agentcoord.runner.tmux.Tmux;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Prints an agent's terminal output, made safe to show. */
@picocli.CommandLine.Command(
        name = "logs",
        description =
                "Prints what an agent's terminal showed, without anything that could act on yours; with --json one object for each line.")
final class LogsCommand extends AgentCommand {
    private static final long POLL_MILLIS = 200;
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;:]*m");

    @Option(
            names = {"-f", "--follow"},
            description = "go on until the agent ends")
    private boolean follow;

    @Override
    int run(Context context) throws IOException, InterruptedException {
        RunRecord run = run(context, false);
        LogSanitizer sanitizer = new LogSanitizer();
        Consumer<String> out = isJson() ? new JsonLines(run.agent(), context) : text -> raw(text, context);
        try (LogTail log = LogTail.of(Tmux.previousLog(run.log()), run.log())) {
            boolean goOn;
            do {
                goOn = follow && run.isAlive() && !context.cancellation().isCancelled();
                for (byte[] chunk = log.read(); chunk.length > 0; chunk = log.read()) {
                    out.accept(sanitizer.clean(chunk));
                }
                context.reply().flush();
                if (goOn) {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                }
            } while (goOn);
        } catch (NoSuchFileException e) {
            throw Refusal.failed("the log of " + run.agent() + " was removed", "agentcoord status " + run.agent());
        }
        out.accept(sanitizer.end());
        if (out instanceof JsonLines lines) {
            lines.end();
        }
        return ExitCode.OK;
    }

    private static void raw(String text, Context context) {
        context.reply().raw(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One object for each line, without colours; the last one is told when it has ended. */
    private final class JsonLines implements Consumer<String> {
        private final String agent;
        private final Context context;
        private final StringBuilder rest = new StringBuilder();

        JsonLines(String agent, Context context) {
            this.agent = agent;
            this.context = context;
        }

        @Override
        public void accept(String text) {
            rest.append(text);
            int begin = 0;
            for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n", begin)) {
                tell(rest.substring(begin, end));
                begin = end + 1;
            }
            rest.delete(0, begin);
        }

        void end() {
            String last = COLOUR.matcher(rest).replaceAll("");
            if (!last.isEmpty()) {
                tell(last);
            }
        }

        private void tell(String line) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("agent", agent);
            map.put("text", COLOUR.matcher(line).replaceAll(""));
            outJson(context, map);
        }
    }
}
