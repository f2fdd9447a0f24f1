package dev.agentcoord.runner.demo;

/**
 * What one part of the demonstration left behind.
 *
 * @param edits how many were to be made
 * @param lost edits missing from the last commit or from the checkout
 * @param doubleClaims tasks that two agents did, or that were committed twice
 * @param portClashes dev servers that could not bind their port
 * @param gitIndexFailures {@code git add} and {@code git commit} that failed
 */
record Outcome(int edits, int lost, int doubleClaims, int portClashes, int gitIndexFailures) {
    boolean isClean() {
        return accidents() == 0;
    }

    /** All that went wrong. */
    int accidents() {
        return lost + doubleClaims + portClashes + gitIndexFailures;
    }
}
