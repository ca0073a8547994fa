package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.proxy.Likeness;
import dev.podpath.core.proxy.Likenesses;
import dev.podpath.core.proxy.Spares;
import dev.podpath.core.proxy.WordShapes;
import io.vavr.control.Option;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Which of the addresses that sets and maps name one by one are alike: those whose elements, and the rules these lead to, have
 * the same shape. Safe for use from several threads.
 */
final class LikeAddresses {

    private final IntFunction<Option<Likeness>> behind;
    private final Keys keys;
    private final Likenesses known;
    private final WordShapes shapes = new WordShapes();
    private final Spares<Shape> readers;
    /** Where the elements for an address begin, by its number, and after the last address where they end. */
    private final int[] first;
    /** For each address the sets and maps with elements for it, each with the element. */
    private final long[] elements;

    /**
     * Those of some rules.
     *
     * @param behind tells of the addresses of which these shared rules do not
     */
    LikeAddresses(SharedRules shared, Keys keys, IntFunction<Option<Likeness>> behind) {
        this.behind = behind;
        this.keys = keys;
        this.known = new Likenesses(keys.addressCount(), this::make);
        this.readers = new Spares<>(() -> new Shape(shared, keys));
        this.first = new int[keys.addressCount() + 1];
        List<SharedRules.Named> named = shared.named();
        named.forEach(one -> each(one, (address, element) -> first[address + 1]++));
        for (int i = 0; i < keys.addressCount(); i++) {
            first[i + 1] += first[i];
        }
        this.elements = new long[first[keys.addressCount()]];
        int[] next = first.clone();
        for (int i = 0; i < named.size(); i++) {
            long number = (long) i << 32;
            each(named.get(i), (address, element) -> elements[next[address]++] = number | element);
        }
    }

    @FunctionalInterface
    private interface Place {
        void at(int address, int element);
    }

    /** Goes through elements and the addresses they are for, both in the order of the addresses. */
    private void each(SharedRules.Named named, Place place) {
        int address = 0;
        for (int element : keys.order(named.elements(), named.field())) {
            long high = named.elements().firstHigh(element, named.field());
            long low = named.elements().firstLow(element, named.field());
            while (keys.addressLow(address) != low || keys.addressHigh(address) != high) {
                address++;
            }
            place.at(address, element);
        }
    }

    /** The likeness of an address by its number; empty where it is not known to be like any other. */
    Option<Likeness> of(int number) {
        return known.of(number);
    }

    private Option<Likeness> make(int number) {
        Shape shape = readers.take();
        Option<Likeness> made = make(number, shape);
        readers.give(shape);
        return made;
    }

    private Option<Likeness> make(int number, Shape shape) {
        shape.begin(keys.addressHigh(number), keys.addressLow(number));
        for (int i = first[number]; i < first[number + 1]; i++) {
            shape.element((int) (elements[i] >>> 32), (int) elements[i]);
        }
        boolean told = shape.end();
        if (shape.isGuarded()) {
            return behind.apply(number);
        }
        if (!told) {
            return Option.none();
        }
        return Option.some(new Likeness(shape.of(shapes), shape.addresses()));
    }
}
