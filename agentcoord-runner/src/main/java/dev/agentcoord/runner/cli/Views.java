package dev.agentcoord.runner.cli;

import dev.agentcoord.Intervention;
import dev.agentcoord.Liveness;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.NewTask;
import dev.agentcoord.Recipient;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionView;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TicketId;
import dev.agentcoord.Versioned;
import dev.agentcoord.runner.text.Durations;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How values look to people, on one line, and to programs, as maps for JSON. */
final class Views {
    private Views() {}

    /** Who holds or waits for what, why and since when, who waits for that, and whether its owner is suspected to be stopped or hung. */
    static String line(LockView view) {
        LockInfo lock = view.lock();
        String reason = lock.request().reason();
        return lock.id() + " " + (lock.granted() ? "held" : "waiting") + " " + words(lock.request()) + "  "
                + owner(lock)
                + (view.owner() == Liveness.ALIVE ? "" : ", " + word(view.owner()))
                + (reason.isEmpty() ? "" : "  (" + reason + ")") + "  " + ago(lock.since())
                + (lock.waiters().isEmpty() ? "" : "  awaited by " + tickets(lock.waiters()));
    }

    private static String owner(LockInfo lock) {
        if (lock.owner().equals(LockInfo.PARKED)) {
            return "of task " + lock.task() + ", which nobody claims";
        }
        return "by " + lock.owner().agent() + "@" + lock.owner().host()
                + (lock.task().isEmpty() ? "" : " for task " + lock.task());
    }

    private static String tickets(List<TicketId> tickets) {
        return tickets.stream().map(TicketId::toString).collect(Collectors.joining(" "));
    }

    /** Who took what from whom, why and when. */
    static String line(Intervention theft) {
        return theft.ticket() + " " + theft.what() + "  of " + theft.holder() + "  taken " + theft + "  "
                + ago(theft.at());
    }

    static Map<String, Object> map(Intervention intervention) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("ticket", intervention.ticket().position());
        map.put("what", intervention.what());
        map.put("holder", intervention.holder());
        map.put("agent", intervention.agent());
        map.put("session", intervention.by());
        map.put("developer", intervention.developer());
        map.put("reason", intervention.reason());
        map.put("at", intervention.at());
        return map;
    }

    /** The items as they are typed, shared ones marked. */
    static String words(LockRequest request) {
        List<String> words = new ArrayList<>();
        request.items().forEach((item, mode) -> words.add(item + (mode == Mode.SHARED ? " (shared)" : "")));
        request.permits().forEach((pool, count) -> words.add(pool + (count == 1 ? "" : " x" + count)));
        return String.join(" ", words);
    }

    static String ago(Instant since) {
        return Durations.brief(Duration.between(since, Instant.now())) + " ago";
    }

    static Map<String, Object> map(LockView view) {
        Map<String, Object> map = map(view.lock());
        map.put("liveness", word(view.owner()));
        return map;
    }

    private static String word(Liveness liveness) {
        return liveness.name().toLowerCase(Locale.ROOT);
    }

    static Map<String, Object> map(LockInfo lock) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", lock.id().position());
        map.put("state", lock.granted() ? "held" : "waiting");
        map.putAll(map(lock.request()));
        map.put("token", lock.token());
        map.put("task", lock.task());
        map.put("agent", lock.owner().agent());
        map.put("session", lock.owner().id());
        map.put("developer", lock.owner().developer());
        map.put("host", lock.owner().host());
        map.put("tmux", lock.owner().participant().tmuxTarget());
        map.put("since", lock.since());
        map.put("blockers", lock.blockers().stream().map(TicketId::position).toList());
        map.put("waiters", lock.waiters().stream().map(TicketId::position).toList());
        return map;
    }

    static Map<String, Object> map(LockRequest request) {
        Map<String, Object> items = new LinkedHashMap<>();
        request.items()
                .forEach((item, mode) -> items.put(item.toString(), mode.name().toLowerCase(Locale.ROOT)));
        Map<String, Object> permits = new LinkedHashMap<>();
        request.permits().forEach((pool, count) -> permits.put(pool.toString(), count));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("items", items);
        map.put("permits", permits);
        map.put("reason", request.reason());
        return map;
    }

    static String line(SessionView view) {
        SessionInfo info = view.info();
        return info.agent() + "  " + word(view.liveness()) + "  " + info.developer() + "@" + info.host() + "  joined "
                + ago(info.joined()) + "  " + info.id();
    }

    static Map<String, Object> map(SessionView view) {
        SessionInfo info = view.info();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("agent", info.agent());
        map.put("session", info.id());
        map.put("liveness", word(view.liveness()));
        map.put("developer", info.developer());
        map.put("host", info.host());
        map.put("joined", info.joined());
        map.put("role", info.participant().role());
        map.put("tmux", info.participant().tmuxTarget());
        map.put("capabilities", new TreeSet<>(info.participant().capabilities()));
        map.put("labels", info.participant().labels());
        map.put("pids", info.processes().stream().map(process -> process.pid()).toList());
        return map;
    }

    static String line(TaskInfo task) {
        String outcome = task.outcome().isEmpty() ? "" : "  -> " + firstLine(task.outcome());
        return task.id() + "  " + task.state().name().toLowerCase(Locale.ROOT) + "  attempt " + task.attempt() + "/"
                + task.maxAttempts() + recipient(task.recipient()) + "  " + firstLine(task.payloadText()) + outcome;
    }

    /** Nothing where anyone may claim it. */
    private static String recipient(Recipient to) {
        return to.agent().map(agent -> "  for " + agent).orElse("")
                + (to.capabilities().isEmpty() ? "" : "  needs " + String.join(",", new TreeSet<>(to.capabilities())));
    }

    static String line(TaskAttempt attempt) {
        return "  " + attempt.delivery() + "  " + attempt.outcome().name().toLowerCase(Locale.ROOT)
                + (attempt.agent().isEmpty() ? "" : "  by " + attempt.agent())
                + attempt.ended().map(moment -> "  at " + moment).orElse("")
                + (attempt.text().isEmpty() ? "" : "  " + firstLine(attempt.text()));
    }

    static Map<String, Object> map(TaskAttempt attempt) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("delivery", attempt.delivery());
        map.put("outcome", attempt.outcome().name().toLowerCase(Locale.ROOT));
        map.put("agent", attempt.agent());
        map.put("text", attempt.text());
        attempt.ended().ifPresent(moment -> map.put("ended", moment));
        return map;
    }

    static Map<String, Object> map(TaskInfo task) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", task.id());
        map.put("state", task.state().name().toLowerCase(Locale.ROOT));
        map.put("priority", task.priority());
        map.put("attempt", task.attempt());
        map.put("maxAttempts", task.maxAttempts());
        map.put("enqueued", task.enqueued());
        map.put("headers", task.headers());
        putBytes(map, "payload", task.payload());
        map.put("outcome", task.outcome());
        task.due().ifPresent(due -> map.put("due", due));
        task.claimer().ifPresent(session -> map.put("claimer", session));
        NewTask asked = task.asEnqueued();
        asked.dedupKey().ifPresent(key -> map.put("dedup", key));
        asked.orderingKey().ifPresent(key -> map.put("order", key));
        task.recipient().agent().ifPresent(agent -> map.put("for", agent));
        if (!task.recipient().capabilities().isEmpty()) {
            map.put("needs", new TreeSet<>(task.recipient().capabilities()));
        }
        if (!asked.dependsOn().isEmpty()) {
            map.put("dependsOn", new TreeSet<>(asked.dependsOn()));
        }
        return map;
    }

    static Map<String, Object> map(Versioned value) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("key", value.key());
        map.put("revision", value.revision());
        putBytes(map, "value", value.value());
        value.owner().ifPresent(owner -> map.put("session", owner));
        return map;
    }

    /** As text under the name, or what is no text in base64 under the name with {@code Base64} after it. */
    private static void putBytes(Map<String, Object> map, String name, byte[] bytes) {
        try {
            map.put(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            map.put(name + "Base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
