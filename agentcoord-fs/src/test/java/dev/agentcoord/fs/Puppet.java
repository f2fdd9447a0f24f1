package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/** An agent that does through the API what it is told, a line at a time, and remembers in which order it heard of what. */
final class Puppet {
    private final Coordinator coordinator;
    private final Session session;
    private final Map<String, Grant> grants = new HashMap<>();
    private final Map<String, CompletableFuture<Grant>> asked = new HashMap<>();
    private final List<String> log = new CopyOnWriteArrayList<>();

    private volatile long lastChecked;

    private Puppet(Coordinator coordinator, String name) {
        this.coordinator = coordinator;
        this.session = coordinator.join(Participant.named(name));
    }

    /** Arguments: store, space, name, then perhaps {@code silence=DURATION} and {@code format=NUMBER:REQUIRES}. */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        FsOptions options = FsOptions.defaults();
        Manifest.Format format = Manifest.Format.CURRENT;
        for (String arg : List.of(args).subList(3, args.length)) {
            String value = arg.substring(arg.indexOf('=') + 1);
            if (arg.startsWith("silence=")) {
                options = options.silence(Duration.parse(value));
            } else {
                format = format(value);
            }
        }
        try {
            Space space = Space.open(Path.of(args[0]), args[1], options, format);
            Coordinator coordinator = Engine.over(new FsBackend(space, options), TimeSource.system());
            new Puppet(coordinator, args[2]).serve();
            coordinator.close();
        } catch (CoordinationException e) {
            System.out.println(text(e));
        }
    }

    /** As {@code NUMBER:REQUIRES} says. */
    static Manifest.Format format(String text) {
        String[] numbers = text.split(":", -1);
        return new Manifest.Format(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    private void serve() throws IOException, InterruptedException, ExecutionException {
        System.out.println("ready " + session.info().id());
        BufferedReader in = Child.ownInput();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            try {
                System.out.println(answer(words[0], words.length > 1 ? words[1] : ""));
            } catch (CoordinationException e) {
                System.out.println(text(e));
            }
        }
    }

    private String answer(String word, String path) throws InterruptedException, ExecutionException {
        return switch (word) {
            case "hold" -> keep(path, session.locks().acquire(wants(path), Wait.forever()));
            case "try" ->
                session.locks()
                        .tryAcquire(wants(path))
                        .map(grant -> keep(path, grant))
                        .orElse("taken");
            case "ask" -> ask(path);
            case "outcome" -> outcome(path);
            case "isdone" -> String.valueOf(waiting(path).isDone());
            case "release" -> release(path);
            case "check" -> check(path);
            case "work" -> work(path);
            case "worked" -> String.valueOf(lastChecked);
            case "status" -> session.status().toString();
            case "sessions" -> String.valueOf(coordinator.sessions());
            case "log" -> String.join(", ", log);
            default -> "what?";
        };
    }

    private String keep(String path, Grant grant) {
        grants.put(path, grant);
        grant.onLost(cause -> log.add("heard " + cause));
        log.add("got " + path);
        return grant.token().toString();
    }

    private String ask(String path) {
        asked.put(path, session.locks().acquireAsync(wants(path), Wait.forever()));
        return "asked";
    }

    private String outcome(String path) throws InterruptedException, ExecutionException {
        try {
            return keep(path, waiting(path).get());
        } catch (ExecutionException e) {
            return text(Objects.requireNonNull(e.getCause()));
        }
    }

    private String release(String path) {
        held(path).release();
        return "released";
    }

    private String check(String path) {
        held(path).check();
        log.add("checked");
        return "held";
    }

    /** Checks again and again, as somebody who writes would; when the last one that returned began is remembered. */
    private String work(String path) {
        Grant grant = held(path);
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    long begun = System.nanoTime();
                    grant.check();
                    lastChecked = begun;
                }
            } catch (CoordinationException e) {
                log.add("check threw " + e.getClass().getSimpleName());
            }
        });
        thread.setDaemon(true);
        thread.start();
        return "works";
    }

    private Grant held(String path) {
        return Objects.requireNonNull(grants.get(path));
    }

    private CompletableFuture<Grant> waiting(String path) {
        return Objects.requireNonNull(asked.get(path));
    }

    private static String text(Throwable e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    private static LockRequest wants(String path) {
        return LockRequest.exclusive(Item.file(path)).reason("work on " + path);
    }
}
