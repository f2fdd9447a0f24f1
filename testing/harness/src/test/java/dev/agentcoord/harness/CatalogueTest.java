package dev.agentcoord.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private static final int PICKS = 100_000;

    private final Catalogue catalogue = new Catalogue(7);

    @Test
    void everyProcessOfARunSeesTheSameRequests() {
        assertThat(all(new Catalogue(7))).isEqualTo(all(catalogue)).isNotEqualTo(all(new Catalogue(8)));
    }

    @Test
    void everyRequestIsPickedSometimeAndEveryKindOfItemIsThere() {
        Random random = new Random(1);
        Set<Integer> picked = new HashSet<>();
        IntStream.range(0, PICKS).forEach(i -> picked.add(catalogue.pick(random)));

        assertThat(picked).hasSize(catalogue.size());
        assertThat(all(catalogue).stream()
                        .flatMap(request -> request.items().keySet().stream())
                        .map(Item::kind))
                .contains(Item.Kind.values());
        assertThat(all(catalogue)).anyMatch(request -> !request.permits().isEmpty());
    }

    private static List<LockRequest> all(Catalogue catalogue) {
        return IntStream.range(0, catalogue.size()).mapToObj(catalogue::get).toList();
    }
}
