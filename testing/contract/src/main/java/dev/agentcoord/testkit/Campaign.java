package dev.agentcoord.testkit;

/**
 * How large the tests are that play many processes against each other: short in every build, long with
 * {@code -Dagentcoord.campaign=long}. {@code -Dagentcoord.seed} repeats one. Stateless.
 */
public final class Campaign {
    private static final boolean LONG = "long".equals(System.getProperty("agentcoord.campaign"));

    private Campaign() {}

    /** The size of a test: the first, or the second in a long campaign. */
    public static int size(int inEveryBuild, int inALongOne) {
        return LONG ? inALongOne : inEveryBuild;
    }

    /** Of this run. */
    public static long seed() {
        return Long.getLong("agentcoord.seed", 1);
    }

    /** Says what was done and seen, for {@code docs/campaigns.md}. */
    public static void report(String name, String result) {
        System.out.println("campaign " + name + ", seed " + seed() + ": " + result);
    }
}
