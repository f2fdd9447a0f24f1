package dev.agentcoord.fs;

import dev.agentcoord.Participant;
import dev.agentcoord.core.queue.Route;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that may be claimed, those of each route in a lane of their own, so that nobody has to step over what is not for him. Each
 * lane has a shelf for each priority. Used inside the section only.
 */
final class Lanes {
    private static final String TARGET = "target";
    private static final String CAPABILITIES = "capabilities";

    private final QueueLayout layout;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    /** Each shelf by its place below the queue. */
    private final Map<String, Shelf> shelves = new HashMap<>();

    private boolean known;

    /** The shelves of one route, which is read only for who wants to claim. */
    private static final class Lane {
        private final List<Shelf> shelves;
        private @Nullable Route route;

        Lane(List<Shelf> shelves, @Nullable Route route) {
            this.shelves = shelves;
            this.route = route;
        }
    }

    private boolean admits(String name, Lane lane, Participant claimer) throws IOException {
        Route route = lane.route;
        if (route == null) {
            route = read(layout.lane(name).resolve("route"));
            lane.route = route;
        }
        return route.admits(claimer);
    }

    Lanes(QueueLayout layout) {
        this.layout = layout;
    }

    /** The name of the lane of a route. */
    static String of(Route route) {
        return route.isForAnyone() ? QueueLayout.ANYONE : Links.hash(route.text());
    }

    void forget() {
        known = false;
        lanes.values().forEach(lane -> lane.shelves.forEach(Shelf::forget));
    }

    /**
     * Makes a lane known to everybody; its route is on the disk before its name appears, since nobody could claim anything from a queue with
     * a lane of an unknown route. It is made once.
     */
    void make(Route route, Path scratch) throws IOException {
        String name = of(route);
        if (name.equals(QueueLayout.ANYONE) || load().containsKey(name)) {
            return;
        }
        try {
            fill(scratch, route);
            Files.move(scratch, layout.lane(name));
            Disk.sync(layout.routed());
        } catch (FileAlreadyExistsException e) {
            Disk.deleteTree(scratch.toFile());
        } catch (IOException e) {
            Disk.deleteTree(scratch.toFile());
            throw e;
        }
        lanes.put(name, lane(name, route));
    }

    private static void fill(Path scratch, Route route) throws IOException {
        Disk.mkdir(scratch, Layout.SHARED_DIR);
        for (int priority = 0; priority < QueueLayout.PRIORITIES; priority++) {
            Disk.mkdir(scratch.resolve(Integer.toString(priority)), Layout.SHARED_DIR);
        }
        byte[] text = Json.write(Map.of(TARGET, route.target(), CAPABILITIES, new TreeSet<>(route.capabilities())));
        Disk.create(scratch.resolve("route"), text, Layout.RECORD, true);
        Disk.sync(scratch);
    }

    private Map<String, Lane> load() throws IOException {
        if (!known) {
            anyone();
            Set<String> there = Set.of(Disk.list(layout.routed()));
            lanes.keySet().removeIf(name -> !name.equals(QueueLayout.ANYONE) && !there.contains(name));
            for (String name : there) {
                if (!lanes.containsKey(name) && Disk.isDirectory(layout.lane(name))) {
                    lanes.put(name, lane(name, null));
                }
            }
            known = true;
        }
        return lanes;
    }

    private Lane anyone() {
        return lanes.computeIfAbsent(QueueLayout.ANYONE, name -> lane(name, Route.ANYONE));
    }

    /** The shelf of those that are for anyone, which takes no look at the other lanes. */
    Shelf anyones(int priority) {
        return anyone().shelves.get(priority);
    }

    static Route read(Path file) throws IOException {
        Json.Fields fields = Json.read(file, Calls.read(file));
        return new Route(fields.text(TARGET), Set.copyOf(fields.texts(CAPABILITIES)));
    }

    private Lane lane(String name, @Nullable Route route) {
        List<Shelf> all = new ArrayList<>();
        for (int priority = 0; priority < QueueLayout.PRIORITIES; priority++) {
            Shelf shelf = new Shelf(layout.ready(name, priority));
            all.add(shelf);
            shelves.put(layout.home().relativize(shelf.dir()).toString(), shelf);
        }
        return new Lane(all, route);
    }

    Shelf shelf(String lane, int priority) throws IOException {
        Lane found = load().get(lane);
        return found == null ? new Shelf(layout.ready(lane, priority)) : found.shelves.get(priority);
    }

    /** All shelves of a priority. */
    List<Shelf> all(int priority) throws IOException {
        return load().values().stream().map(lane -> lane.shelves.get(priority)).toList();
    }

    /** The names of the lanes from which somebody may claim. */
    Set<String> of(Participant claimer) throws IOException {
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, Lane> lane : load().entrySet()) {
            if (admits(lane.getKey(), lane.getValue(), claimer)) {
                names.add(lane.getKey());
            }
        }
        return names;
    }

    /** The task that is next for somebody, by priority and then in the order enqueued; null where there is none. */
    @Nullable Path first(Participant claimer) throws IOException {
        for (int priority = 0; priority < QueueLayout.PRIORITIES; priority++) {
            Path first = null;
            for (Map.Entry<String, Lane> lane : load().entrySet()) {
                Path candidate = admits(lane.getKey(), lane.getValue(), claimer)
                        ? first(lane.getValue().shelves.get(priority))
                        : null;
                if (candidate != null && (first == null || name(candidate).compareTo(name(first)) < 0)) {
                    first = candidate;
                }
            }
            if (first != null) {
                return first;
            }
        }
        return null;
    }

    private @Nullable Path first(Shelf shelf) throws IOException {
        try {
            return shelf.first();
        } catch (NoSuchFileException e) {
            // The lane was swept away when nothing had been in it for long.
            known = false;
            return null;
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** Takes in that a task came to or left a bucket, given relative to the queue. */
    void added(String bucket, String name) {
        int last = bucket.lastIndexOf('/');
        Shelf shelf = last < 0 ? null : shelves.get(bucket.substring(0, last));
        if (shelf == null) {
            known = false;
        } else {
            shelf.added(bucket.substring(last + 1), name);
        }
    }

    void removed(String bucket, String sequence) {
        int last = bucket.lastIndexOf('/');
        Shelf shelf = last < 0 ? null : shelves.get(bucket.substring(0, last));
        if (shelf != null) {
            shelf.removed(bucket.substring(last + 1), sequence);
        }
    }
}
