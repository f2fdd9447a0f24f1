package dev.agentcoord.runner.tmux;

import java.io.IOException;

/** tmux is missing, too old, or refused; the message says which and what to do. */
public final class TmuxException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The reason in one line. */
    public TmuxException(String message) {
        super(message);
    }
}
