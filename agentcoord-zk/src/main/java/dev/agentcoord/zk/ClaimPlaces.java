package dev.agentcoord.zk;

import dev.agentcoord.TaskId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where the claims of one session stand among the claimed, as far as it knows. Thread-safe. */
final class ClaimPlaces {
    private final Map<TaskId, Place> places = new ConcurrentHashMap<>();

    /** Which delivery, and its path. */
    private record Place(int delivery, String path) {}

    void begun(TaskId task, int delivery, String path) {
        places.put(task, new Place(delivery, path));
    }

    /** That delivery is over; one that was claimed again meanwhile is another. */
    void over(TaskId task, int delivery) {
        places.computeIfPresent(task, (id, its) -> its.delivery == delivery ? null : its);
    }

    /** Empty where the delivery is over. */
    Optional<String> of(TaskId task, int delivery) {
        return Optional.ofNullable(places.get(task))
                .filter(its -> its.delivery == delivery)
                .map(Place::path);
    }
}
