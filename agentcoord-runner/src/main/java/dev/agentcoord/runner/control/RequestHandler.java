package dev.agentcoord.runner.control;

/** Answers the requests of commands inside a session, several at a time, each on its own thread: so it has to be thread-safe. */
@FunctionalInterface
public interface RequestHandler {
    /** Does what was asked and returns the exit code; never throws for anything the caller did. */
    int handle(Request request, Reply reply, Cancellation cancellation);
}
