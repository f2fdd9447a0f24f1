package dev.agentcoord.core.lock;

import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.Canonical;

/**
 * Who a ticket belongs to: a session, or a task whose claimer of the moment holds it. Tickets of one owner never conflict.
 *
 * @param kind whether {@code id} names a session or a task
 * @param id session id, or {@code queue/task}
 */
public record Owner(Kind kind, String id) {
    /** What can own a ticket: a session for as long as it lives, or a task from one claimer to the next until it ends. */
    public enum Kind {
        /** A live session. */
        SESSION,
        /** A task; whoever holds its claim holds the ticket. */
        TASK
    }

    /** A session as owner. */
    public static Owner session(SessionId id) {
        return new Owner(Kind.SESSION, id.text());
    }

    /** A task of a queue as owner. */
    public static Owner task(String queue, TaskId task) {
        return new Owner(Kind.TASK, Canonical.agentName(queue) + "/" + task.text());
    }

    /** Whoever a request of a session is for: the task of its claim, or the session itself. */
    public static Owner of(LockRequest request, SessionId session) {
        return request.claim()
                .map(claim -> task(claim.queue(), claim.task().id()))
                .orElseGet(() -> session(session));
    }

    /** Whether this is that session. */
    public boolean is(SessionId session) {
        return kind == Kind.SESSION && id.equals(session.text());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Owner that && kind == that.kind && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return kind == Kind.SESSION ? id : "task:" + id;
    }
}
