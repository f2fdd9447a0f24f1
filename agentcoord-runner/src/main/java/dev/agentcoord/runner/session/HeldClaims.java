package dev.agentcoord.runner.session;

import dev.agentcoord.Claim;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The claims that a session's commands took, by queue and task: queues do not share their ids. */
final class HeldClaims {
    private final Map<Key, Claim> claims = new LinkedHashMap<>();

    private record Key(String queue, TaskId task) {}

    void keep(Claim claim) {
        claims.put(key(claim), claim);
    }

    /** A later claim on the same task stays. */
    void forget(Claim claim) {
        claims.remove(key(claim), claim);
    }

    /** Earliest first. */
    List<Claim> all() {
        return List.copyOf(claims.values());
    }

    /** Those on a task of that id, or all when it is empty; of that queue, or all when none is given. */
    List<Claim> matching(String id, Optional<String> queue) {
        Optional<TaskId> task = id.isEmpty() ? Optional.empty() : Optional.of(new TaskId(id));
        return claims.values().stream()
                .filter(claim ->
                        task.filter(wanted -> !wanted.equals(claim.task().id())).isEmpty())
                .filter(claim ->
                        queue.filter(name -> !name.equals(claim.queue())).isEmpty())
                .toList();
    }

    /** The only one of them. Throws {@link NotHeldException}. */
    Claim only(String id, Optional<String> queue) {
        List<Claim> found = matching(id, queue);
        if (found.size() != 1) {
            throw new NotHeldException(id, found.isEmpty() ? none(id, queue) : several(id, found));
        }
        return found.get(0);
    }

    private static String none(String id, Optional<String> queue) {
        String where = queue.map(name -> " of queue " + name).orElse("");
        return "this session holds no claim on " + (id.isEmpty() ? "a task" : "task " + id) + where
                + "; 'agentcoord task claim"
                + queue.map(name -> " --queue " + name).orElse("") + "' takes the next one";
    }

    private static String several(String id, List<Claim> found) {
        return "this session holds " + found.size() + " claims"
                + (id.isEmpty() ? "; name one of " : " on tasks of id " + id + "; say which with --queue: ")
                + found.stream()
                        .map(claim -> claim.task().id() + " --queue " + claim.queue())
                        .collect(Collectors.joining(", "));
    }

    /** Whether the store still has that session at work on it. */
    static boolean isCurrent(Claim claim, Session session) {
        return session.queue(claim.queue())
                .find(claim.task().id())
                .filter(task -> task.state() == TaskState.CLAIMED)
                .flatMap(task -> task.claimer())
                .filter(session.info().id()::equals)
                .isPresent();
    }

    private static Key key(Claim claim) {
        return new Key(claim.queue(), claim.task().id());
    }
}
