package dev.agentcoord.runner.demo;

/** What is still there after the agents have ended, and should not be. */
record Leftovers(int processes, int sessions, int locks) {
    boolean isEmpty() {
        return processes + sessions + locks == 0;
    }

    @Override
    public String toString() {
        return processes + " processes, " + sessions + " sessions, " + locks + " locks left";
    }
}
