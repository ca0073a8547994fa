package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.Spares;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of the rules for the destinations that rules name, read when they are asked for and remembered: they are the same in
 * whatever way packets come. Safe for use from several threads.
 */
final class Shapes {
    /** Kinds beyond these are not told, so that rules that are all different take no memory. */
    private static final int MOST = 512;
    /** Room for the kinds, in open addressing; a power of two. */
    private static final int ROOM = 2 * MOST;

    private static final Shape NONE =
            new Shape(new ShapeKind(-1, new int[0], new int[0], new int[0], 0, false), new int[0]);

    private final IndexKeys keys;
    private final SharedRules shared;
    private final Spares<ShapeReader> readers;
    private final AtomicReferenceArray<@Nullable Shape> known;
    /** Replaced by a copy with one more. */
    private volatile @Nullable ShapeKind[] kinds = new ShapeKind[ROOM];

    private int count;

    Shapes(SharedRules shared, IndexKeys keys, boolean v6) {
        this.keys = keys;
        this.shared = shared;
        this.readers = new Spares<>(() -> new ShapeReader(shared, keys, v6));
        this.known = new AtomicReferenceArray<>(keys.keyCount());
    }

    SharedRules shared() {
        return shared;
    }

    /** How many kinds can be told. */
    static int mostKinds() {
        return MOST;
    }

    /**
     * The shape of the rules for a destination; null where it is not told.
     *
     * @param number the number of an address
     * @param port a port; there is no shape where rules do not name it with the address
     */
    @Nullable
    Shape of(int number, Protocol protocol, int port) {
        int key = keys.key(number, protocol.number() << 16 | port);
        if (key < 0) {
            return null;
        }
        Shape shape = known.get(key);
        if (shape == null) {
            shape = read(number, protocol, port);
            known.set(key, shape);
        }
        return shape == NONE ? null : shape;
    }

    private Shape read(int number, Protocol protocol, int port) {
        ShapeReader reader = readers.take();
        Shape shape = read(reader, number, protocol, port);
        readers.give(reader);
        return shape;
    }

    private Shape read(ShapeReader reader, int number, Protocol protocol, int port) {
        if (!reader.read(number, protocol.number(), port)) {
            return NONE;
        }
        ShapeKind kind = kinds[place(kinds, reader)];
        kind = kind == null ? learn(reader) : kind;
        return kind == null ? NONE : reader.shape(kind);
    }

    /** Where the kind of what was read is, or would be. */
    private static int place(@Nullable ShapeKind[] all, ShapeReader reader) {
        int at = reader.hash() & ROOM - 1;
        ShapeKind found = all[at];
        while (found != null && !reader.isOf(found)) {
            at = at + 1 & ROOM - 1;
            found = all[at];
        }
        return at;
    }

    private synchronized @Nullable ShapeKind learn(ShapeReader reader) {
        int at = place(kinds, reader);
        if (kinds[at] == null && count < MOST) {
            @Nullable ShapeKind[] more = kinds.clone();
            more[at] = reader.kind(count++);
            kinds = more;
        }
        return kinds[at];
    }
}
