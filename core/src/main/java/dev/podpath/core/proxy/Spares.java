package dev.podpath.core.proxy;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Working objects that threads take turns with: one for as many threads as use them at a time. They go with their owner. A
 * {@link ThreadLocal} would not let go of one that knows its owner before the thread ends, and with it of all rules of a node.
 */
public final class Spares<T> {
    private static final int PLACES = 16;
    /** Places are in cache lines of their own. */
    private static final int APART = 16;

    private final Supplier<T> make;
    private final AtomicReferenceArray<@Nullable T> idle = new AtomicReferenceArray<>(PLACES * APART);

    /**
     * None yet.
     *
     * @param make makes another one
     */
    public Spares(Supplier<T> make) {
        this.make = make;
    }

    /** One that nobody else has; what it holds is left from its last use. */
    public T take() {
        T found = idle.getAndSet(place(), null);
        return found == null ? make.get() : found;
    }

    /** Gives back one that was taken and is used no longer. One that is never given back is replaced by another. */
    public void give(T spare) {
        idle.setRelease(place(), spare);
    }

    private static int place() {
        return ((int) Thread.currentThread().getId() & PLACES - 1) * APART;
    }
}
