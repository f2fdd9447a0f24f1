package dev.agentcoord.runner.cli;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.RunRecord;
import dev.agentcoord.runner.session.RunRecords;
import dev.agentcoord.runner.tmux.Tmux;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks what agentcoord needs, and that the store works. */
@picocli.CommandLine.Command(
        name = "doctor",
        description = "Checks what agentcoord needs and tries the store; exit code 1 if anything is wrong.")
final class DoctorCommand extends CoordinatingCommand {
    private final List<Map<String, Object>> results = new ArrayList<>();

    /** One thing to try; says what it found. */
    @FunctionalInterface
    private interface Check {
        String run() throws IOException, InterruptedException;
    }

    @Override
    int run(Context context) throws InterruptedException {
        check("java", () -> Runtime.version().toString());
        check("tmux", DoctorCommand::tmux);
        check("nc", DoctorCommand::nc);
        check("store", () -> store(context));
        check("leftovers", () -> leftovers(context));
        if (isJson()) {
            outJson(context, results);
        } else {
            results.forEach(result -> context.reply()
                    .out((Boolean.TRUE.equals(result.get("ok")) ? "ok   " : "BAD  ") + result.get("check") + ": "
                            + result.get("found")));
        }
        return results.stream().allMatch(result -> Boolean.TRUE.equals(result.get("ok")))
                ? ExitCode.OK
                : ExitCode.FAILED;
    }

    private void check(String name, Check check) throws InterruptedException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("check", name);
        try {
            result.put("found", check.run());
            result.put("ok", true);
        } catch (Refusal e) {
            result.put("found", e.getMessage() + ". Next: " + e.next());
            result.put("ok", false);
        } catch (IOException | CoordinationException e) {
            result.put("found", String.valueOf(e.getMessage()));
            result.put("ok", false);
        }
        results.add(result);
    }

    private static String tmux() throws IOException, InterruptedException {
        Tmux.requireUsable();
        return "3.3 or newer";
    }

    private static String nc() throws IOException, InterruptedException {
        Process nc = new ProcessBuilder("nc", "-h").redirectErrorStream(true).start();
        nc.getOutputStream().close();
        String help = new String(nc.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        nc.waitFor();
        if (!help.contains("U")) {
            throw Refusal.failed("this nc has no Unix sockets", "apt-get install netcat-openbsd");
        }
        return "with Unix sockets";
    }

    private String store(Context context) {
        try (Membership membership = join(context)) {
            LockRequest probe = LockRequest.exclusive(
                    Item.name("doctor:" + membership.session().info().id()));
            membership
                    .session()
                    .locks()
                    .tryAcquire(probe)
                    .orElseThrow(() -> Refusal.failed("a lock of a new name was not granted", "agentcoord locks"))
                    .close();
            return membership.place().describe();
        }
    }

    private static String leftovers(Context context) throws IOException {
        long left = new RunRecords(context.environment())
                .all().stream()
                        .filter(run -> run.ended().isEmpty() && !run.isAlive())
                        .map(RunRecord::agent)
                        .count();
        if (left > 0) {
            throw Refusal.failed(left + " runs were cut off", "agentcoord reap");
        }
        return "none";
    }
}
