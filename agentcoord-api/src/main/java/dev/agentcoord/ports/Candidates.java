package dev.agentcoord.ports;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** In which order the numbers of a range are tried. Pure. */
final class Candidates {
    private Candidates() {}

    /**
     * The number the agent had last under that name, then one derived from both, then upwards and around; what was found taken by
     * somebody without a lease comes after all others, whatever it is.
     */
    static List<Integer> order(String agent, PortRequest wanted, long remembered, Set<Integer> avoided) {
        int size = wanted.last() - wanted.first() + 1;
        int start = start(agent, wanted);
        List<Integer> order = new ArrayList<>(size);
        if (wanted.includes(remembered)) {
            order.add((int) remembered);
        }
        IntStream.range(0, size)
                .map(i -> wanted.first() + (start + i) % size)
                .filter(number -> number != remembered)
                .forEach(order::add);
        List<Integer> late = order.stream().filter(avoided::contains).toList();
        order.removeAll(late);
        order.addAll(late);
        return order;
    }

    /** The number that {@link #order} begins with where nothing is avoided. */
    static int preferred(String agent, PortRequest wanted, long remembered) {
        return wanted.includes(remembered) ? (int) remembered : wanted.first() + start(agent, wanted);
    }

    private static int start(String agent, PortRequest wanted) {
        return Math.floorMod(mix((agent + "/" + wanted.name()).hashCode()), wanted.last() - wanted.first() + 1);
    }

    /** Spreads names that differ in their last letter only. */
    private static int mix(int hash) {
        int h = hash;
        h = (h ^ (h >>> 16)) * 0x85EB_CA6B;
        h = (h ^ (h >>> 13)) * 0xC2B2_AE35;
        return h ^ (h >>> 16);
    }
}
