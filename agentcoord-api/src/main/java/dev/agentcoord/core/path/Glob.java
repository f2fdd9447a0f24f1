package dev.agentcoord.core.path;

import java.text.Normalizer;

/** A pattern over canonical paths. Immutable. */
public final class Glob {
    private final String text;

    private Glob(String text) {
        this.text = text;
    }

    /** Reads a pattern. */
    public static Glob of(String pattern) {
        return new Glob(Normalizer.normalize(pattern, Normalizer.Form.NFC));
    }

    @Override
    public String toString() {
        return text;
    }
}
