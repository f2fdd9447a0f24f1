package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.control.Cancellation;
import dev.agentcoord.runner.control.Request;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where a fresh JVM starts: one command, typed as arguments, then exit with its code, which is 1 where its answer could not be written. */
public final class Main {
    private Main() {}

    /** Runs the command that the arguments name. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        List<String> words = List.of(arguments);
        InputStream input = words.contains("-") ? System.in : InputStream.nullInputStream();
        Request request = new Request(Path.of("").toAbsolutePath(), Set.of(), words, input);
        Console console = new Console();
        int code = Dispatcher.ofProcess(environment).handle(request, console, new Cancellation());
        if (console.hasFailed()) {
            console.err("agentcoord: not all of the answer could be written");
            System.exit(code == ExitCode.OK ? ExitCode.FAILED : code);
        }
        System.exit(code);
    }
}
