package dev.agentcoord.harness.history.state;

/** What a call tells of a key as it was just before the call had its effect. */
public sealed interface Seen {
    /** Whether a version fits what was seen. */
    boolean fits(Version version);

    /** It tells nothing. */
    record Nothing() implements Seen {
        @Override
        public boolean fits(Version version) {
            return true;
        }
    }

    /**
     * It was read.
     *
     * @param version as read
     */
    record Exactly(Version version) implements Seen {
        @Override
        public boolean fits(Version other) {
            return version.equals(other);
        }
    }

    /**
     * It was at a revision.
     *
     * @param revision 0 for absent
     */
    record At(long revision) implements Seen {
        @Override
        public boolean fits(Version version) {
            return version.revision() == revision;
        }
    }

    /**
     * It was at another revision.
     *
     * @param revision 0 for absent: it was present
     */
    record NotAt(long revision) implements Seen {
        @Override
        public boolean fits(Version version) {
            return version.revision() != revision;
        }
    }
}
