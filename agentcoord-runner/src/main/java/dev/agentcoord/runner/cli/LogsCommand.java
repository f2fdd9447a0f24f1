package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.log.LogSanitizer;
import dev.agentcoord.runner.session.RunRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** Prints an agent's terminal output, made safe to show. */
@picocli.CommandLine.Command(
        name = "logs",
        description = "Prints what an agent's terminal showed, without anything that could act on yours.")
final class LogsCommand extends AgentCommand {
    private static final int CHUNK = 64 * 1024;
    private static final long POLL_MILLIS = 200;

    @Option(
            names = {"-f", "--follow"},
            description = "go on until the agent ends")
    private boolean follow;

    @Override
    int run(Context context) throws IOException, InterruptedException {
        RunRecord run = run(context, false);
        LogSanitizer sanitizer = new LogSanitizer();
        try (InputStream log = Files.newInputStream(run.log())) {
            boolean goOn;
            do {
                goOn = follow && run.isAlive() && !context.cancellation().isCancelled();
                copy(log, sanitizer, context);
                if (goOn) {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                }
            } while (goOn);
        }
        context.reply().raw(sanitizer.end().getBytes(StandardCharsets.UTF_8));
        return ExitCode.OK;
    }

    private static void copy(InputStream log, LogSanitizer sanitizer, Context context) throws IOException {
        byte[] chunk = log.readNBytes(CHUNK);
        while (chunk.length > 0) {
            context.reply().raw(sanitizer.clean(chunk).getBytes(StandardCharsets.UTF_8));
            chunk = log.readNBytes(CHUNK);
        }
        context.reply().flush();
    }
}
