package dev.agentcoord.core.lock;

import dev.agentcoord.Item;
import dev.agentcoord.Pool;
import dev.agentcoord.core.path.Glob;
import dev.agentcoord.core.path.PathName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The grant rule as its sentence says it, by comparing every ticket with every other: what {@link TicketTable} must agree with.
 * Overlap is decided by trying all paths of up to five segments out of a, b and c.
 */
final class NaiveTable {
    enum State {
        GRANTED,
        BLOCKED,
        MISMATCH
    }

    private static final List<PathName> UNIVERSE = universe();
    private static final Map<Item, Set<PathName>> PATHS = new HashMap<>();
    private static final Map<List<Item>, Boolean> OVERLAPS = new HashMap<>();

    final List<Ticket> live = new ArrayList<>();

    State stateOf(Ticket ticket) {
        return mismatched(ticket) ? State.MISMATCH : blockersOf(ticket).isEmpty() ? State.GRANTED : State.BLOCKED;
    }

    List<Ticket> granted() {
        return live.stream().filter(t -> stateOf(t) == State.GRANTED).sorted().toList();
    }

    List<Ticket> blockersOf(Ticket ticket) {
        List<Ticket> earlier = earlier(ticket);
        List<Pool> exceeded = ticket.wants().permits().entrySet().stream()
                .filter(p ->
                        taken(earlier, p.getKey()) + p.getValue() > p.getKey().capacity())
                .map(Map.Entry::getKey)
                .toList();
        return earlier.stream()
                .filter(e -> conflict(e, ticket) || exceeded.stream().anyMatch(pool -> countOf(e, pool) > 0))
                .toList();
    }

    boolean isInTheWay(Ticket ticket) {
        return live.stream().filter(later -> later.compareTo(ticket) > 0).anyMatch(later -> mayWaitFor(later, ticket));
    }

    static boolean mayWaitFor(Ticket later, Ticket ticket) {
        return conflict(later, ticket) || sharePool(later, ticket);
    }

    private static boolean sharePool(Ticket a, Ticket b) {
        return a.wants().permits().keySet().stream().anyMatch(pool -> countOf(b, pool) > 0);
    }

    static boolean conflict(Ticket a, Ticket b) {
        return !a.owner().equals(b.owner())
                && a.wants().items().entrySet().stream()
                        .anyMatch(x -> b.wants().items().entrySet().stream()
                                .anyMatch(y ->
                                        x.getValue().conflictsWith(y.getValue()) && overlap(x.getKey(), y.getKey())));
    }

    private static boolean overlap(Item a, Item b) {
        if (a.kind() == Item.Kind.NAME || b.kind() == Item.Kind.NAME) {
            return a.equals(b);
        }
        return OVERLAPS.computeIfAbsent(List.of(a, b), pair -> paths(a).stream().anyMatch(paths(b)::contains));
    }

    private boolean mismatched(Ticket ticket) {
        return ticket.wants().permits().keySet().stream()
                .anyMatch(pool -> live.stream()
                        .filter(t -> t.position() <= ticket.position() && countOf(t, pool) > 0)
                        .min(Comparator.naturalOrder())
                        .filter(first -> !first.wants().permits().containsKey(pool))
                        .isPresent());
    }

    private static int taken(List<Ticket> tickets, Pool pool) {
        return tickets.stream().mapToInt(ticket -> countOf(ticket, pool)).sum();
    }

    private List<Ticket> earlier(Ticket ticket) {
        return live.stream().filter(t -> t.compareTo(ticket) < 0).sorted().toList();
    }

    private static int countOf(Ticket ticket, Pool pool) {
        return ticket.wants().permits().entrySet().stream()
                .filter(p -> p.getKey().name().equals(pool.name()))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static Set<PathName> paths(Item item) {
        return PATHS.computeIfAbsent(
                item, i -> UNIVERSE.stream().filter(path -> matches(i, path)).collect(Collectors.toSet()));
    }

    private static boolean matches(Item item, PathName path) {
        return switch (item.kind()) {
            case FILE -> path.toString().equals(item.text());
            case TREE ->
                item.text().equals(".")
                        || path.toString().equals(item.text())
                        || path.toString().startsWith(item.text() + "/");
            case GLOB -> Glob.of(item.text()).matches(path);
            case NAME -> false;
        };
    }

    private static List<PathName> universe() {
        List<String> all = new ArrayList<>(List.of("."));
        for (int i = 0; i < all.size(); i++) {
            String above = all.get(i);
            if (above.length() < 9) {
                List.of("a", "b", "c").forEach(name -> all.add(above.equals(".") ? name : above + "/" + name));
            }
        }
        return all.stream().map(PathName::of).toList();
    }
}
