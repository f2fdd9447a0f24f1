package dev.agentcoord.harness.history.state;

import dev.agentcoord.harness.history.Call;

/**
 * One call as one key saw it.
 *
 * @param invoked before this it had no effect
 * @param completed after this it had; {@link Call#NEVER} if it may never have had one
 * @param touch what it did
 */
record Step(long invoked, long completed, Touch touch) {
    boolean isCertain() {
        return completed != Call.NEVER;
    }
}
