package dev.agentcoord.runner.cli;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.fs.FsCoordinator;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.RunRecord;
import dev.agentcoord.runner.session.RunRecords;
import dev.agentcoord.runner.store.Place;
import dev.agentcoord.runner.store.StoreUri;
import dev.agentcoord.runner.store.Stores;
import dev.agentcoord.runner.text.ShellQuote;
import dev.agentcoord.runner.tmux.Tmux;
import dev.agentcoord.zk.ZkCoordinator;
import dev.agentcoord.zk.ZkReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Checks what agentcoord needs, and that the store works. */
@picocli.CommandLine.Command(
        name = "doctor",
        description = "Checks what agentcoord needs and tries the store; exit code 1 if anything is wrong.")
final class DoctorCommand extends CoordinatingCommand {
    private static final Pattern UNIX_SOCKETS = Pattern.compile("-[0-9A-Za-z]*U");

    private final List<Map<String, Object>> results = new ArrayList<>();

    /** One thing to try; says what it found. */
    @FunctionalInterface
    private interface Check {
        String run() throws IOException, InterruptedException;
    }

    @Override
    int run(Context context) throws InterruptedException {
        check("java", "install a JDK 17 or newer", DoctorCommand::java);
        check("tmux", "install tmux 3.3 or newer", Tmux::requireUsable);
        check("nc", "apt-get install netcat-openbsd", DoctorCommand::nc);
        String next = whenTheStoreFails(context);
        check("store", next, () -> store(context));
        check("file system", next, () -> fileSystem(context));
        check("remains", next, () -> remains(context));
        check("ensemble", next, () -> ensemble(context));
        check("leftovers", "agentcoord reap", () -> leftovers(context));
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

    /** A reason that says itself what to do next is left as it is. */
    private void check(String name, String next, Check check) throws InterruptedException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("check", name);
        try {
            result.put("found", check.run());
            result.put("ok", true);
        } catch (Refusal e) {
            result.put("found", e.getMessage() + ". Next: " + e.next());
            result.put("ok", false);
        } catch (IOException | CoordinationException e) {
            String reason = String.valueOf(e.getMessage());
            result.put("found", reason.contains("Next: ") ? reason : reason + ". Next: " + next);
            result.put("ok", false);
        }
        results.add(result);
    }

    private static String java() {
        return Runtime.version() + " in " + System.getProperty("java.home");
    }

    private Place placeOf(Context context) {
        try (Membership membership = context.memberships().at(context.request().directory(), placeOptions())) {
            return membership.place();
        }
    }

    /** Nobody is told to move away from servers that others still use: two places to coordinate in are worse than none. */
    private String whenTheStoreFails(Context context) {
        try {
            if (placeOf(context).store().kind() == StoreUri.Kind.ZK) {
                return "look this up in docs/operations.md";
            }
        } catch (Refusal | CoordinationException e) {
            // The check of the store says so.
        }
        return "agentcoord init --store fs:/another/directory";
    }

    private String ensemble(Context context) {
        Place place = placeOf(context);
        if (place.store().kind() != StoreUri.Kind.ZK) {
            return "none, the store is on " + place.store();
        }
        ZkReport report = ZkCoordinator.inspect(Stores.zooKeeper(place, context.environment()));
        String found = "keeps silent sessions for " + report.sessionTimeout().toMillis() + " ms; "
                + String.join("; ", report.servers());
        if (report.openSpace()) {
            throw Refusal.failed(
                    found + "; anybody who can connect may take and break locks here",
                    "make a new project with AGENTCOORD_ZK_DIGEST_FILE set to a file of user:password");
        }
        return found + (report.openRoot() ? "; anybody may make znodes at the root" : "");
    }

    private String fileSystem(Context context) throws IOException {
        StoreUri store = placeOf(context).store();
        return store.kind() == StoreUri.Kind.FS
                ? typeOf(Path.of(store.location())) + " at " + store.location()
                : "none, the store is on " + store;
    }

    private String remains(Context context) {
        Place place = placeOf(context);
        if (place.store().kind() != StoreUri.Kind.FS) {
            return "none, the store is on " + place.store();
        }
        return Remains.describe(FsCoordinator.inspect(Path.of(place.store().location()), place.space()));
    }

    /** In a chroot the mount table does not name the file system; whether it can be trusted is what opening the store tells. */
    private static String typeOf(Path directory) throws IOException {
        try {
            return Files.getFileStore(directory).type();
        } catch (IOException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
            return "of a type the mount table does not show,";
        }
    }

    private static String nc() throws IOException, InterruptedException {
        Process nc = new ProcessBuilder("nc", "-h").redirectErrorStream(true).start();
        nc.getOutputStream().close();
        String help = new String(nc.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        nc.waitFor();
        if (!hasUnixSockets(help)) {
            throw Refusal.failed("this nc has no Unix sockets", "apt-get install netcat-openbsd");
        }
        return "with Unix sockets";
    }

    /** As the launcher looks: there are others, whose help only speaks of UDP. */
    static boolean hasUnixSockets(String help) {
        return UNIX_SOCKETS.matcher(help).find();
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
        RunRecords records = new RunRecords(context.environment());
        long left = records.all().stream()
                .filter(run -> run.ended().isEmpty() && !run.isAlive())
                .map(RunRecord::agent)
                .count();
        if (left > 0) {
            throw Refusal.failed(left + (left == 1 ? " run was cut off" : " runs were cut off"), "agentcoord reap");
        }
        List<String> unreadable = records.unreadable().stream()
                .map(file -> ShellQuote.word(file.toString()))
                .toList();
        if (!unreadable.isEmpty()) {
            String files = String.join(" ", unreadable);
            throw Refusal.failed(
                    files + (unreadable.size() == 1 ? " is not the record of a run" : " are not records of runs"),
                    "rm -- " + files);
        }
        return "none";
    }
}
