package dev.agentcoord.runner.control;

/** Answers requests, several at a time. */
@FunctionalInterface
public interface RequestHandler {
    /** Does what was asked and returns the exit code; never throws for anything the caller did. */
    int handle(Request request, Reply reply, Cancellation cancellation);
}
