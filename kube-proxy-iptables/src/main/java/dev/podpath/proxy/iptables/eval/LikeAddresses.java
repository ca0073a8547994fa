package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.Likeness;
import dev.podpath.core.proxy.Likenesses;
import dev.podpath.core.proxy.Spares;
import dev.podpath.core.proxy.WordShapes;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * Which of the addresses that rules name are alike: those whose rules have the same shape for the same protocols and ports.
 * Safe for use from several threads.
 */
final class LikeAddresses {
    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final IndexKeys keys;
    private final Likenesses known;
    private final WordShapes shapes = new WordShapes();
    private final Spares<Writer> writers;

    LikeAddresses(SharedRules shared, IndexKeys keys, boolean v6) {
        this.keys = keys;
        this.known = new Likenesses(keys.addressCount(), this::make);
        this.writers = new Spares<>(() -> new Writer(new ShapeReader(shared, keys, v6)));
    }

    /** The likeness of one of the addresses of the keys; empty where it is not known to be like any other. */
    Option<Likeness> of(int number) {
        return known.of(number);
    }

    private Option<Likeness> make(int number) {
        Writer writer = writers.take();
        Option<Likeness> made = make(number, writer);
        writers.give(writer);
        return made;
    }

    private Option<Likeness> make(int number, Writer writer) {
        writer.count = 0;
        for (Protocol protocol : PROTOCOLS) {
            long[] ports = keys.ports(number, protocol.number()).bounds();
            for (int i = 0; i < ports.length; i += 4) {
                for (int port = (int) ports[i + 1]; port <= ports[i + 3]; port++) {
                    if (!writer.add(number, protocol.number(), port)) {
                        return Option.none();
                    }
                }
            }
        }
        if (writer.count == 0) {
            return Option.none();
        }
        return Option.some(new Likeness(shapes.of(writer.words, writer.count), writer.addresses));
    }

    /** Puts the shapes for all ports of an address together. */
    private static final class Writer {
        private static final int MOST_WORDS = 8_192;

        private final ShapeReader shape;
        private int[] words = new int[512];
        private int count;
        private long[] addresses = {};

        Writer(ShapeReader shape) {
            this.shape = shape;
        }

        boolean add(int number, int protocol, int port) {
            if (!shape.read(number, protocol, port)) {
                return false;
            }
            int size = shape.addresses();
            if (count == 0) {
                addresses = new long[2 * size];
                for (int i = 0; i < size; i++) {
                    addresses[2 * i] = shape.high(i);
                    addresses[2 * i + 1] = shape.low(i);
                }
            }
            int room = count + shape.size() + size + 32;
            // What the ranges of one port's rules say of the addresses of another port is in neither shape.
            if (2 * size != addresses.length || room > MOST_WORDS) {
                return false;
            }
            if (room > words.length) {
                words = Arrays.copyOf(words, 2 * room);
            }
            for (int i = 0; i < size; i++) {
                int place = place(shape.high(i), shape.low(i));
                if (place < 0) {
                    return false;
                }
                words[count++] = place;
            }
            count = shape.copy(words, count);
            return true;
        }

        private int place(long high, long low) {
            for (int i = 0; i < addresses.length; i += 2) {
                if (addresses[i + 1] == low && addresses[i] == high) {
                    return i / 2;
                }
            }
            return -1;
        }
    }
}
