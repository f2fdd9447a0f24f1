package dev.agentcoord.runner.cli;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.DeadlockException;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.control.Reply;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into one line on standard error and an exit code. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final Reply reply;

    Failures(Reply reply) {
        this.reply = reply;
    }

    int refusal(Refusal refusal) {
        reply.err(refusal.line());
        return refusal.exitCode();
    }

    /** Messages of the library say what to do next themselves. */
    int coordination(CoordinationException e) {
        reply.err("agentcoord: " + e.getMessage());
        if (e instanceof WaitTimeoutException timeout) {
            timeout.blockers().forEach(blocker -> reply.err("  " + Views.line(blocker)));
        } else if (e instanceof DeadlockException deadlock) {
            deadlock.cycle().forEach(waiting -> reply.err("  " + Views.line(waiting)));
        }
        return ExitCode.of(e);
    }

    int io(IOException e) {
        reply.err("agentcoord: " + reason(e));
        return ExitCode.FAILED;
    }

    int cancelled() {
        reply.err("agentcoord: cancelled");
        return ExitCode.TIMED_OUT;
    }

    int unexpected(RuntimeException e) {
        LOG.error("unexpected failure of a command", e);
        reply.err("agentcoord: unexpected " + e + ". Next: agentcoord doctor");
        return ExitCode.FAILED;
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
