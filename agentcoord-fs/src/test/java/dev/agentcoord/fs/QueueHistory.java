package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link QueueWorker}s wrote down, and whether it could have happened so. */
final class QueueHistory {
    private final Map<String, Added> added = new HashMap<>();
    private final Map<String, List<Claimed>> claims = new HashMap<>();
    private final Map<String, Set<Integer>> done = new HashMap<>();
    private final Map<String, Set<Integer>> ending = new HashMap<>();
    private final Map<String, Set<Integer>> back = new HashMap<>();

    private record Added(int priority, long acknowledged) {}

    private record Claimed(int priority, long position, int delivery, int attempt, long asked, long got) {}

    void read(Path book) throws IOException {
        for (String line : QueueWorker.lines(book)) {
            String[] words = line.split(" ", -1);
            String id = words[1];
            switch (words[0]) {
                case "add" -> added.putIfAbsent(id, new Added(Integer.parseInt(words[2]), Long.parseLong(words[3])));
                case "claim" ->
                    claims.computeIfAbsent(id, i -> new ArrayList<>())
                            .add(new Claimed(
                                    Integer.parseInt(words[2]),
                                    Long.parseLong(words[3]),
                                    Integer.parseInt(words[4]),
                                    Integer.parseInt(words[5]),
                                    Long.parseLong(words[6]),
                                    Long.parseLong(words[7])));
                case "done" -> addOnce(done, id, words[2]);
                case "ending" -> addOnce(ending, id, words[2]);
                case "back" -> addOnce(back, id, words[2]);
                default -> throw new IOException(line);
            }
        }
    }

    private static void addOnce(Map<String, Set<Integer>> map, String id, String delivery) {
        assertThat(map.computeIfAbsent(id, i -> new HashSet<>()).add(Integer.parseInt(delivery)))
                .as("%s delivery %s", id, delivery)
                .isTrue();
    }

    Set<String> added() {
        return added.keySet();
    }

    /** Tasks whose completion nobody lived to write down. */
    List<String> silent() {
        return added.keySet().stream().filter(id -> !done.containsKey(id)).toList();
    }

    int redeliveries() {
        return claims.values().stream()
                .mapToInt(all -> all.stream().mapToInt(Claimed::delivery).max().orElse(1) - 1)
                .sum();
    }

    /** Each task was completed at most once, by its last delivery, and whoever was not heard of was at least about to. */
    void eachWasCompletedOnce() {
        done.forEach((id, deliveries) -> {
            assertThat(deliveries).as(id).hasSize(1);
            int last =
                    known(claims, id).stream().mapToInt(Claimed::delivery).max().orElse(0);
            assertThat(deliveries).as(id).containsExactly(last);
        });
        for (String id : silent()) {
            assertThat(ending).as("completed by nobody").containsKey(id);
        }
    }

    /** No delivery twice; an attempt for each delivery but for those given back; no more deliveries than claims were lost or given back. */
    void attemptsAreRight(int killedConsumers) {
        int extra = 0;
        int givenBack = back.values().stream().mapToInt(Set::size).sum();
        for (Map.Entry<String, List<Claimed>> entry : claims.entrySet()) {
            Set<Integer> known = back.getOrDefault(entry.getKey(), Set.of());
            Set<Integer> seen = new HashSet<>();
            for (Claimed claim : entry.getValue()) {
                assertThat(seen.add(claim.delivery)).as(entry.getKey()).isTrue();
                long before = known.stream()
                        .filter(delivery -> delivery < claim.delivery)
                        .count();
                // One who was killed may have given it back and not lived to write that down.
                assertThat((long) claim.attempt)
                        .as("%s delivery %s", entry.getKey(), claim.delivery)
                        .isLessThanOrEqualTo(claim.delivery - before)
                        .isGreaterThanOrEqualTo(claim.delivery - before - killedConsumers);
                if (before == claim.delivery - 1) {
                    assertThat(claim.attempt).as(entry.getKey()).isEqualTo(1);
                }
            }
            extra += entry.getValue().stream().mapToInt(Claimed::delivery).max().orElse(1) - 1;
        }
        assertThat(extra).as("deliveries beyond the first").isLessThanOrEqualTo(killedConsumers + givenBack);
    }

    /** Nobody got a task while another that comes before it was ready from before he asked until after he had it. Returns how many were compared. */
    int orderWasKept() {
        List<String> firsts = claims.keySet().stream()
                .filter(id -> added.containsKey(id) && first(id) != null)
                .sorted(Comparator.comparingLong((String id) -> known(added, id).acknowledged))
                .toList();
        List<Claimed> all = claims.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(Claimed::asked))
                .toList();
        List<Claimed> ranked = new ArrayList<>(all);
        ranked.sort(Comparator.comparingInt(Claimed::priority).thenComparingLong(Claimed::position));
        Map<Long, Integer> ranks = new HashMap<>();
        for (int i = 0; i < ranked.size(); i++) {
            ranks.putIfAbsent(ranked.get(i).position, i);
        }
        long[] latest = new long[ranked.size() + 1];
        Arrays.fill(latest, Long.MIN_VALUE);
        int next = 0;
        for (Claimed claim : all) {
            while (next < firsts.size() && known(added, firsts.get(next)).acknowledged < claim.asked) {
                Claimed ready = Objects.requireNonNull(first(firsts.get(next++)));
                raise(latest, known(ranks, ready.position), ready.asked);
            }
            assertThat(max(latest, known(ranks, claim.position)))
                    .as("%s was overtaken", claim)
                    .isLessThanOrEqualTo(claim.got);
        }
        return all.size();
    }

    private static <K, V> V known(Map<K, V> map, K key) {
        return Objects.requireNonNull(map.get(key));
    }

    private @Nullable Claimed first(String id) {
        return known(claims, id).stream()
                .filter(claim -> claim.delivery == 1)
                .findFirst()
                .orElse(null);
    }

    private static void raise(long[] tree, int rank, long value) {
        for (int i = rank + 1; i < tree.length; i += i & -i) {
            tree[i] = Math.max(tree[i], value);
        }
    }

    /** The largest value below a rank. */
    private static long max(long[] tree, int rank) {
        long max = Long.MIN_VALUE;
        for (int i = rank; i > 0; i -= i & -i) {
            max = Math.max(max, tree[i]);
        }
        return max;
    }
}
