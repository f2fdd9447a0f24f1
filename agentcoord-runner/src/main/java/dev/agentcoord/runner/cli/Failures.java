package dev.agentcoord.runner.cli;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.DeadlockException;
import dev.agentcoord.LockInfo;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.control.Reply;
import dev.agentcoord.runner.text.Json;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into one line on standard error, for people or in JSON, and an exit code. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final int LONGEST = 2_000;

    private final Reply reply;
    private final boolean json;

    Failures(Reply reply, boolean json) {
        this.reply = reply;
        this.json = json;
    }

    int refusal(Refusal refusal) {
        String type = switch (refusal.exitCode()) {
            case ExitCode.USAGE -> "usage";
            case ExitCode.CONFLICT -> "conflict";
            case ExitCode.LOST -> "lost";
            case ExitCode.TIMED_OUT -> "waitTimeout";
            default -> "failed";
        };
        return tell(
                refusal.exitCode(),
                type,
                String.valueOf(refusal.getMessage()),
                Optional.of(refusal.next()),
                refusal.details());
    }

    /** Messages of the library say what to do next themselves, after a semicolon. */
    int coordination(CoordinationException e) {
        List<LockInfo> locks = List.of();
        if (e instanceof WaitTimeoutException timeout) {
            locks = timeout.blockers();
        } else if (e instanceof DeadlockException deadlock) {
            locks = deadlock.cycle();
        }
        String name = e.getClass().getSimpleName().replace("Exception", "");
        String type = Character.toLowerCase(name.charAt(0)) + name.substring(1);
        Map<String, Object> details = locks.isEmpty()
                ? Map.of()
                : Map.of("locks", locks.stream().map(Views::map).toList());
        int exit = tell(ExitCode.of(e), type, String.valueOf(e.getMessage()), details);
        if (!json) {
            locks.forEach(lock -> reply.err("  " + Views.line(LockView.unasked(lock))));
        }
        return exit;
    }

    int io(IOException e) {
        return tell(ExitCode.FAILED, "io", reason(e), Map.of());
    }

    int cancelled() {
        return tell(ExitCode.TIMED_OUT, "cancelled", "cancelled", Optional.empty(), Map.of());
    }

    int unexpected(RuntimeException e) {
        LOG.error("unexpected failure of a command", e);
        return tell(ExitCode.FAILED, "unexpected", "unexpected " + e, Optional.of("agentcoord doctor"), Map.of());
    }

    /** What to do next is part of the text. */
    private int tell(int exit, String type, String text, Map<String, Object> details) {
        if (Refusal.saysNext(text)) {
            Refusal split = Refusal.relayed(exit, text);
            return tell(exit, type, String.valueOf(split.getMessage()), Optional.of(split.next()), details);
        }
        return tell(exit, type, text, json ? advice(text) : Optional.empty(), details);
    }

    /** The last clause, unless that semicolon is part of something quoted. */
    private static Optional<String> advice(String text) {
        int at = text.lastIndexOf("; ");
        String clause = text.substring(at + 1).strip();
        boolean isWhole = clause.chars().filter(c -> c == '\'').count() % 2 == 0;
        return at > 0 && isWhole ? Optional.of(brief(clause)) : Optional.empty();
    }

    private int tell(int exit, String type, String text, Optional<String> next, Map<String, Object> details) {
        String message = brief(text);
        if (json) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("type", type);
            error.put("message", message);
            error.put("next", next.orElse(null));
            error.putAll(details);
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("error", error);
            map.put("exit", exit);
            reply.err(Json.write(map));
        } else {
            reply.err(next.map(n -> Refusal.line(message, n)).orElse("agentcoord: " + message));
        }
        return exit;
    }

    /** What was typed is repeated in many messages, and may be of any length. */
    private static String brief(String message) {
        int tail = message.length() - LONGEST / 2;
        return message.length() <= LONGEST
                ? message
                : message.substring(0, LONGEST / 2) + " ... " + message.substring(tail);
    }

    /** The JDK's file errors often carry no more than the path. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (e instanceof FileSystemException file && file.getReason() == null) {
            return file.getClass().getSimpleName().replace("Exception", "") + ": " + file.getFile();
        }
        return String.valueOf(e.getMessage());
    }
}
