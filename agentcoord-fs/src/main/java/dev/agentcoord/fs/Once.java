package dev.agentcoord.fs;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is found out once; what failed is tried again by whoever asks next. Thread-safe. */
final class Once<T> {
    private final Supplier<T> source;
    private volatile @Nullable T found;

    Once(Supplier<T> source) {
        this.source = source;
    }

    T get() {
        T known = found;
        if (known == null) {
            known = source.get();
            found = known;
        }
        return known;
    }
}
