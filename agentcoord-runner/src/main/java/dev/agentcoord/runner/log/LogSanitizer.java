package dev.agentcoord.runner.log;

import dev.agentcoord.runner.text.Sanitizer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Makes terminal output safe to show again, chunk by chunk: text, tabs, newlines and colours (SGR) pass; every other escape sequence,
 * control and bidirectional character is left out, a carriage return ends the line. Not thread-safe.
 */
public final class LogSanitizer {
    private static final int MAX_SEQUENCE = 64;
    private static final int MAX_BYTES_OF_CHARACTER = 4;
    private static final char ESC = 0x1b;
    private static final char BEL = 0x07;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final StringBuilder sequence = new StringBuilder();
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private State state = State.TEXT;
    private boolean coloured;

    /** Where in the output the last character was. */
    private enum State {
        TEXT,
        AFTER_RETURN,
        ESCAPE,
        CHARSET,
        CONTROL_SEQUENCE,
        STRING,
        STRING_ESCAPE
    }

    /** The next chunk, cleaned; a character cut in two appears with the second part. */
    public String clean(byte[] chunk) {
        ByteBuffer bytes = ByteBuffer.allocate(rest.remaining() + chunk.length)
                .put(rest)
                .put(chunk)
                .flip();
        CharBuffer text = CharBuffer.allocate(bytes.remaining() + MAX_BYTES_OF_CHARACTER);
        decoder.decode(bytes, text, false);
        rest = bytes.slice();
        StringBuilder clean = new StringBuilder(text.position());
        text.flip().chars().forEach(c -> accept((char) c, clean));
        return clean.toString();
    }

    /** What has to follow the last chunk: the end of colours that are still on. */
    public String end() {
        return coloured ? ESC + "[0m" : "";
    }

    private void accept(char c, StringBuilder clean) {
        switch (state) {
            case TEXT -> text(c, clean);
            case AFTER_RETURN -> afterReturn(c, clean);
            case ESCAPE -> escape(c);
            case CHARSET -> state = State.TEXT;
            case CONTROL_SEQUENCE -> controlSequence(c, clean);
            case STRING -> string(c);
            case STRING_ESCAPE -> {
                state = State.ESCAPE;
                escape(c);
            }
        }
    }

    private void text(char c, StringBuilder clean) {
        switch (c) {
            case ESC -> state = State.ESCAPE;
            case '\r' -> state = State.AFTER_RETURN;
            case 0x9b -> begin(State.CONTROL_SEQUENCE);
            case 0x90, 0x98, 0x9d, 0x9e, 0x9f -> begin(State.STRING);
            default -> {
                if (c == '\n' || !Sanitizer.isUnsafe(c)) {
                    clean.append(c);
                }
            }
        }
    }

    private void afterReturn(char c, StringBuilder clean) {
        if (c == '\r') {
            return;
        }
        clean.append('\n');
        state = State.TEXT;
        if (c != '\n') {
            text(c, clean);
        }
    }

    private void escape(char c) {
        switch (c) {
            case '[' -> begin(State.CONTROL_SEQUENCE);
            case ']', 'P', 'X', '^', '_' -> begin(State.STRING);
            case '(', ')', '*', '+', '-', '.', '/', '#', '%', ' ' -> state = State.CHARSET;
            case ESC -> state = State.ESCAPE;
            default -> state = State.TEXT;
        }
    }

    private void begin(State next) {
        sequence.setLength(0);
        state = next;
    }

    private void controlSequence(char c, StringBuilder clean) {
        if (c == ESC) {
            state = State.ESCAPE;
        } else if (c >= 0x40 && c <= 0x7e) {
            state = State.TEXT;
            if (c == 'm' && sequence.chars().allMatch(p -> p >= '0' && p <= ';')) {
                clean.append(ESC).append('[').append(sequence).append('m');
                coloured = !sequence.toString().matches("0*");
            }
        } else if (c < 0x20 || sequence.length() == MAX_SEQUENCE) {
            state = State.TEXT; // No terminal would take it for a sequence; what follows is text.
        } else {
            sequence.append(c);
        }
    }

    /** A string that never ends would hide all that follows, so a newline ends it too. */
    private void string(char c) {
        if (c == ESC) {
            state = State.STRING_ESCAPE;
        } else if (c == BEL || c == '\n' || c == 0x9c) {
            state = State.TEXT;
        }
    }
}
