package dev.agentcoord.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One cut of the network. Servers have the first numbers, then come the agents.
 *
 * @param who is cut off from whom, for people
 * @param lost whose packets to whom are lost
 * @param length how long
 */
record Partition(String who, List<Way> lost, Duration length) {
    private static final long SHORTEST_MILLIS = 500;
    /** Longer than the ttl, so that some sessions end. */
    private static final long LONGEST_MILLIS = 11_000;

    /** Copies its parts. */
    Partition {
        lost = List.copyOf(lost);
    }

    /** From one to another. */
    record Way(int from, int to) {}

    /** Which way packets are lost, as those see it who are cut off. */
    private enum Direction {
        BOTH,
        OUT,
        IN
    }

    /** One picked at random: a server from the others, or some agents from one server or from all, in both directions or one. */
    static Partition pick(Random random, int servers, int leader, int agents) {
        Direction direction = Direction.values()[random.nextInt(Direction.values().length)];
        long millis = SHORTEST_MILLIS + (long) (random.nextDouble() * (LONGEST_MILLIS - SHORTEST_MILLIS));
        Duration length = Duration.ofMillis(millis);
        int kind = random.nextInt(3);
        if (kind == 0) {
            int one = random.nextBoolean() ? leader : random.nextInt(servers);
            List<Integer> others =
                    numbers(0, servers).stream().filter(each -> each != one).toList();
            String who = (one == leader ? "the leader" : "a follower") + " from the other servers";
            return new Partition(who + ", " + direction, ways(List.of(one), others, direction), length);
        }
        List<Integer> some = new ArrayList<>(numbers(servers, servers + agents));
        Collections.shuffle(some, random);
        some = some.subList(0, 1 + random.nextInt(Math.max(1, agents / 2)));
        List<Integer> from = kind == 1 ? List.of(random.nextInt(servers)) : numbers(0, servers);
        String who = some.size() + " agents from " + (kind == 1 ? "a server" : "all servers");
        return new Partition(who + ", " + direction, ways(some, from, direction), length);
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static List<Way> ways(List<Integer> some, List<Integer> others, Direction direction) {
        List<Way> ways = new ArrayList<>();
        for (int one : some) {
            for (int other : others) {
                if (direction != Direction.IN) {
                    ways.add(new Way(one, other));
                }
                if (direction != Direction.OUT) {
                    ways.add(new Way(other, one));
                }
            }
        }
        return ways;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "cut off: %s, %.1f s", who, length.toMillis() / 1e3);
    }
}
