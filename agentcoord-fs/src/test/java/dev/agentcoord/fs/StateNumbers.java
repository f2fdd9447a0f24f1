package dev.agentcoord.fs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers keys in the order they come, each once. They lie packed one after another, since millions of small objects would keep the
 * collector busier than the search that makes them. Not thread-safe.
 */
final class StateNumbers {
    private static final int CHUNK = 1 << 20;
    private static final int LONGEST = 255;

    private final List<byte[]> chunks = new ArrayList<>();
    private int used = CHUNK;
    private long[] places = new long[1 << 10];
    private int[] hashes = new int[1 << 10];
    /** By hash, a number plus one, or 0. */
    private int[] slots = new int[1 << 12];

    private int size;

    int size() {
        return size;
    }

    /** Whether the key is new; it has the next number then. */
    boolean add(byte[] key) {
        int hash = Arrays.hashCode(key) * 0x9E3779B9;
        int slot = slotOf(hash, key);
        if (slots[slot] != 0) {
            return false;
        }
        if (size == places.length) {
            places = Arrays.copyOf(places, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        places[size] = keep(key);
        hashes[size] = hash;
        slots[slot] = ++size;
        if (size > slots.length / 2) {
            spread();
        }
        return true;
    }

    private int slotOf(int hash, byte[] key) {
        int slot = firstSlot(hash);
        while (slots[slot] != 0 && !(hashes[slots[slot] - 1] == hash && isAt(places[slots[slot] - 1], key))) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    /** The upper bits, which the multiplication mixes best. */
    private int firstSlot(int hash) {
        return hash >>> (Integer.numberOfLeadingZeros(slots.length) + 1);
    }

    private void spread() {
        slots = new int[2 * slots.length];
        for (int number = 0; number < size; number++) {
            int slot = firstSlot(hashes[number]);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = number + 1;
        }
    }

    private boolean isAt(long place, byte[] key) {
        byte[] chunk = chunks.get((int) (place / CHUNK));
        int from = (int) (place % CHUNK);
        return Byte.toUnsignedInt(chunk[from]) == key.length
                && Arrays.equals(chunk, from + 1, from + 1 + key.length, key, 0, key.length);
    }

    private long keep(byte[] key) {
        if (key.length > LONGEST) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes");
        }
        if (used + 1 + key.length > CHUNK) {
            chunks.add(new byte[CHUNK]);
            used = 0;
        }
        byte[] chunk = chunks.get(chunks.size() - 1);
        int from = used;
        chunk[from] = (byte) key.length;
        System.arraycopy(key, 0, chunk, from + 1, key.length);
        used += 1 + key.length;
        return (chunks.size() - 1L) * CHUNK + from;
    }
}
