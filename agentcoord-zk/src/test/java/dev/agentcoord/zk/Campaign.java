package dev.agentcoord.zk;

/**
 * How large the tests are that play many processes against each other: short in every build, long with
 * {@code -Dagentcoord.campaign=long}. {@code -Dagentcoord.seed} repeats one.
 */
final class Campaign {
    private static final boolean LONG = "long".equals(System.getProperty("agentcoord.campaign"));

    private Campaign() {}

    static int size(int inEveryBuild, int inALongOne) {
        return LONG ? inALongOne : inEveryBuild;
    }

    static long seed() {
        return Long.getLong("agentcoord.seed", 1);
    }

    /** Says what was done and seen, for {@code docs/campaigns.md}. */
    static void report(String name, String result) {
        System.out.println("campaign " + name + ", seed " + seed() + ": " + result);
    }
}
