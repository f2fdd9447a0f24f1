package dev.agentcoord.runner.session;

/**
 * How an agent ended.
 *
 * @param status its exit status, or what stands for it
 * @param why in words for people what ended it; empty when it ended by itself or was asked to
 */
record End(int status, String why) {
    /** The status of a run whose session was lost: the agent was ended, because it held nothing any more. */
    private static final int LOST = 4;
    /** The status of an agent that was killed, or that nobody is left to tell it of. */
    private static final int KILLED = 137;

    static End of(int status) {
        return new End(status, "");
    }

    static End lost(String what) {
        return new End(LOST, what);
    }

    static End killed(String why) {
        return new End(KILLED, why);
    }
}
