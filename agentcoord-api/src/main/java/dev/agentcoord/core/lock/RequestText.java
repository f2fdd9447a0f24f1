package dev.agentcoord.core.lock;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.Pool;
import java.util.ArrayList;
import java.util.List;

/**
 * A lock request as ASCII text that is safe in a file or znode name, such as {@code xf=src+A.java,sn=git%3Aindex~why}: items, each
 * with mode ({@code x} or {@code s}), kind ({@code f t g n}) and text, then pools as {@code p<count>.<capacity>}, then the reason.
 * Reversible; each request has exactly one form.
 */
public final class RequestText {
    private static final char REASON = '~';
    private static final char NEXT = ',';
    private static final char VALUE = '=';
    private static final char POOL = 'p';
    private static final char CAPACITY = '.';
    private static final char EXCLUSIVE = 'x';
    private static final char SHARED = 's';

    private RequestText() {}

    /** The text of a request, of characters in {@code [A-Za-z0-9._=@,%+~-]}; not limited in length. */
    public static String encode(LockRequest request) {
        StringBuilder out = new StringBuilder();
        append(out, request);
        return out.toString();
    }

    /** Reads what {@link #encode} writes; throws {@link CorruptRecordException} about the subject for anything else. */
    public static LockRequest decode(String text, Object subject) {
        try {
            LockRequest request = read(text);
            requireSame(text, encode(request));
            return request;
        } catch (CoordinationException | IllegalArgumentException e) {
            throw corrupt(subject, e);
        }
    }

    static void append(StringBuilder out, LockRequest request) {
        int start = out.length();
        request.items().forEach((item, mode) -> {
            separate(out, start);
            out.append(mode == Mode.EXCLUSIVE ? EXCLUSIVE : SHARED);
            out.append(letter(item.kind())).append(VALUE);
            SafeText.append(out, item.text());
        });
        request.permits().forEach((pool, count) -> {
            separate(out, start);
            out.append(POOL).append(count).append(CAPACITY).append(pool.capacity());
            SafeText.append(out.append(VALUE), pool.name());
        });
        SafeText.append(out.append(REASON), request.reason());
    }

    /**
     * Reads a request, however it is spelled; throws {@link IllegalArgumentException} or whatever the parts of a request refuse.
     */
    static LockRequest read(String text) {
        int end = text.indexOf(REASON);
        if (end < 1) {
            throw new IllegalArgumentException("it asks for nothing");
        }
        Reader reader = new Reader();
        for (String entry : text.substring(0, end).split(String.valueOf(NEXT), -1)) {
            reader.take(entry);
        }
        return reader.request(SafeText.read(text.substring(end + 1)));
    }

    /** One form for one request: whatever reads differently from how it is written was not written by us. */
    static void requireSame(String found, String written) {
        if (!found.equals(written)) {
            throw new IllegalArgumentException("it would be written as '" + SafeText.printable(written) + "'");
        }
    }

    static CorruptRecordException corrupt(Object subject, RuntimeException cause) {
        return new CorruptRecordException(
                subject,
                "cannot read ticket '" + SafeText.printable(subject.toString()) + "': " + cause.getMessage()
                        + "; nothing was removed, move it out of the store once no agent uses it",
                cause);
    }

    private static void separate(StringBuilder out, int start) {
        if (out.length() > start) {
            out.append(NEXT);
        }
    }

    private static Item item(String kind, String text) {
        return switch (kind) {
            case "f" -> Item.file(text);
            case "t" -> Item.tree(text);
            case "g" -> Item.glob(text);
            case "n" -> Item.name(text);
            default -> throw new IllegalArgumentException("no item is of kind '" + SafeText.printable(kind) + "'");
        };
    }

    private static char letter(Item.Kind kind) {
        return switch (kind) {
            case FILE -> 'f';
            case TREE -> 't';
            case GLOB -> 'g';
            case NAME -> 'n';
        };
    }

    /** Collects the entries of one request. */
    private static final class Reader {
        private final List<Item> exclusive = new ArrayList<>();
        private final List<Item> shared = new ArrayList<>();
        private LockRequest pools = LockRequest.empty();

        void take(String entry) {
            int value = entry.indexOf(VALUE);
            if (value < 2) {
                throw new IllegalArgumentException("'" + SafeText.printable(entry) + "' is no item");
            }
            String what = entry.substring(1, value);
            String text = SafeText.read(entry.substring(value + 1));
            switch (entry.charAt(0)) {
                case EXCLUSIVE -> exclusive.add(item(what, text));
                case SHARED -> shared.add(item(what, text));
                case POOL -> takePermits(what, text);
                default -> throw new IllegalArgumentException("'" + SafeText.printable(entry) + "' has no mode");
            }
        }

        LockRequest request(String reason) {
            return pools.andExclusive(exclusive.toArray(Item[]::new))
                    .andShared(shared.toArray(Item[]::new))
                    .reason(reason);
        }

        private void takePermits(String counts, String name) {
            int dot = counts.indexOf(CAPACITY);
            if (dot < 0) {
                throw new IllegalArgumentException("pool '" + SafeText.printable(name) + "' has no capacity");
            }
            int count = Integer.parseInt(counts, 0, dot, 10);
            int capacity = Integer.parseInt(counts, dot + 1, counts.length(), 10);
            pools = pools.andPermits(new Pool(name, capacity), count);
        }
    }
}
