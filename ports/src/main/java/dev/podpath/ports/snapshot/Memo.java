package dev.podpath.ports.snapshot;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made on first use and kept; safe for use from several threads. */
final class Memo<T> {
    private volatile @Nullable T value;

    T get(Supplier<T> maker) {
        T known = value;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            known = value;
            if (known == null) {
                known = maker.get();
                value = known;
            }
            return known;
        }
    }
}
