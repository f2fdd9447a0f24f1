package dev.agentcoord.fs;

import dev.agentcoord.Versioned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a space as this process remembers them, in order, with the names of their files: listed once, then kept up to date from the
 * ring of changes, so that a page costs a page however many keys there are. Thread-safe.
 */
final class StateNames {
    private final StateFiles files;
    private final NavigableMap<String, String> names = new TreeMap<>();
    /** Keys of names that do not say them in full. */
    private final Map<String, String> cut = new HashMap<>();

    private long seen = News.NEVER;

    StateNames(StateFiles files) {
        this.files = files;
    }

    /** Up to so many keys with a prefix that sort after one, in order, as of the moment of the call. */
    synchronized List<String> page(Section.Entrance section, String prefix, String after, int limit)
            throws IOException {
        update(section);
        List<String> page = new ArrayList<>();
        String from = after.compareTo(prefix) < 0 ? prefix : after;
        for (String key : names.tailMap(from, !from.equals(after)).keySet()) {
            if (page.size() == limit || !key.startsWith(prefix)) {
                break;
            }
            page.add(key);
        }
        return page;
    }

    private void update(Section.Entrance section) throws IOException {
        News news = News.since(section, seen);
        if (news.changes() == null) {
            listAll();
        } else {
            for (Change change : news.changes()) {
                if (change.kind() == Change.Kind.STATE) {
                    look(change.name());
                }
            }
        }
        // What changes from here on is told by the ring the next time.
        seen = news.change();
    }

    private void listAll() throws IOException {
        names.clear();
        for (String name : Disk.list(files.dir())) {
            String key = files.isThere(name) ? keyOf(name) : null;
            if (key != null) {
                names.put(key, name);
            }
        }
        cut.keySet().retainAll(names.values());
    }

    private void look(String name) throws IOException {
        String key = keyOf(name);
        if (key != null && !Disk.isThere(files.path(name))) {
            names.remove(key);
            cut.remove(name);
        } else if (key != null) {
            names.put(key, name);
        }
    }

    /** The key a name stands for; null for one that is cut, and gone before it was ever read. */
    synchronized @Nullable String keyOf(String name) throws IOException {
        if (KeyName.isWhole(name)) {
            return KeyName.unescape(name);
        }
        String known = cut.get(name);
        if (known == null) {
            Versioned value = files.read(name);
            known = value == null ? null : value.key();
            if (known != null) {
                cut.put(name, known);
            }
        }
        return known;
    }
}
