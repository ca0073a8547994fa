package dev.podpath.core.proxy;

import io.vavr.control.Option;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The likeness of addresses by their number, found out when it is asked for and remembered. Safe for use from several threads. */
public final class Likenesses {
    private final IntFunction<Option<Likeness>> make;
    private final AtomicReferenceArray<@Nullable Option<Likeness>> known;

    /**
     * None yet.
     *
     * @param count how many addresses there are
     * @param make finds the likeness of an address out, empty where it is not known to be like any other; several threads may do so for
     *     one address, with the same result
     */
    public Likenesses(int count, IntFunction<Option<Likeness>> make) {
        this.make = make;
        this.known = new AtomicReferenceArray<>(count);
    }

    /** The likeness of an address; empty where it is not known to be like any other. */
    public Option<Likeness> of(int number) {
        Option<Likeness> found = known.get(number);
        if (found == null) {
            found = make.apply(number);
            known.set(number, found);
        }
        return found;
    }
}
