package dev.agentcoord.runner.control;

import java.io.IOException;

/** The bytes on a connection are no request; the message is for whoever sent them. */
final class MalformedRequestException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedRequestException(String message) {
        super(message);
    }
}
