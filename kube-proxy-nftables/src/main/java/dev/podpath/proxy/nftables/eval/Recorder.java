package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.proxy.walk.Box;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.Selector;

/** Narrows a box as a walk goes: to the packets that would have gone the same way so far. */
final class Recorder {
    private final Box box;
    private final Keys keys;
    private final Cuts network;

    Recorder(Box box, Keys keys, Cuts network) {
        this.box = box;
        this.keys = keys;
        this.network = network;
    }

    Box box() {
        return box;
    }

    /** The walk begins with the packet as it came in. */
    void begin(Path path) {
        if (!path.is(Path.FRESH)) {
            throw new IllegalStateException("a walk begins with a packet that nobody changed");
        }
    }

    /** The field of the box that an expression reads; -1 where it reads none, or not as it came in. */
    static int field(Expr expr, Path path) {
        if (expr.kind() != Expr.READ) {
            return -1;
        }
        return switch (((Expr.Read) expr).selector()) {
            case IP_SADDR, IP6_SADDR -> path.is(Path.SOURCE_ORIGINAL) ? Box.SOURCE : -1;
            case CT_IP_SADDR, CT_IP6_SADDR -> Box.SOURCE;
            case IP_DADDR, IP6_DADDR -> path.is(Path.DESTINATION_ORIGINAL) ? Box.DESTINATION : -1;
            case CT_IP_DADDR, CT_IP6_DADDR -> Box.DESTINATION;
            case TCP_SPORT, UDP_SPORT, SCTP_SPORT, TH_SPORT -> path.is(Path.SOURCE_ORIGINAL) ? Box.SOURCE_PORT : -1;
            case CT_PROTO_SRC -> Box.SOURCE_PORT;
            case TCP_DPORT, UDP_DPORT, SCTP_DPORT, TH_DPORT -> path.is(Path.PORT_ORIGINAL) ? Box.DESTINATION_PORT : -1;
            case CT_PROTO_DST -> Box.DESTINATION_PORT;
            default -> -1;
        };
    }

    static boolean isDestination(Expr expr) {
        if (expr.kind() != Expr.READ) {
            return false;
        }
        Selector selector = ((Expr.Read) expr).selector();
        return selector == Selector.IP_DADDR || selector == Selector.IP6_DADDR;
    }

    /** The value of a field as it came in: the sample lies within the box, and the walk has not changed the field. */
    private long high(int field, Path path) {
        return field == Box.SOURCE ? path.srcHigh : field == Box.DESTINATION ? path.dstHigh : 0;
    }

    private long low(int field, Path path) {
        return switch (field) {
            case Box.SOURCE -> path.srcLow;
            case Box.DESTINATION -> path.dstLow;
            case Box.SOURCE_PORT -> path.sourcePort;
            default -> path.destinationPort;
        };
    }

    /** Whether a value is in a range was asked. */
    void range(Expr expr, Path path, Fields fields, long fromHigh, long fromLow, long toHigh, long toLow) {
        int field = field(expr, path);
        if (field >= 0) {
            box.narrow(field, fields.high, fields.low, fromHigh, fromLow, toHigh, toLow);
        }
    }

    /** Whether a port is in a range was asked. */
    void port(int field, Path path, int first, int last) {
        if (path.is(Path.PORT_ORIGINAL)) {
            box.narrow(field, 0, low(field, path), 0, first, 0, last);
        }
    }

    /** Bits of a value were asked: values that differ only below the lowest bit of a mask are alike. */
    void bits(Expr.Bits bits, Path path, Fields fields, boolean v6) {
        int field = field(bits.left(), path);
        if (field < 0) {
            return;
        }
        long maskHigh = -1L;
        long maskLow = -1L;
        if (bits.op() == Expr.BitOp.AND && bits.right() instanceof Expr.Constant mask) {
            maskHigh = mask.high();
            maskLow = mask.low();
        }
        int zeros = maskLow != 0
                ? Long.numberOfTrailingZeros(maskLow)
                : 64 + (maskHigh != 0 ? Long.numberOfTrailingZeros(maskHigh) : 64);
        boolean wide = v6 && (field == Box.SOURCE || field == Box.DESTINATION);
        long blockLow = zeros >= 64 ? -1L : (1L << zeros) - 1;
        long blockHigh = zeros <= 64 ? 0 : zeros >= 128 ? -1L : (1L << (zeros - 64)) - 1;
        long high = fields.high & ~blockHigh;
        long low = fields.low & ~blockLow;
        box.narrow(
                field,
                fields.high,
                fields.low,
                high,
                low,
                wide ? high | blockHigh : high,
                wide ? low | blockLow : low | blockLow & 0xFFFF_FFFFL);
    }

    /** What kind of address it is, or where it is routed, was asked. */
    void kind(int field, Path path) {
        boolean original = path.is(field == Box.SOURCE ? Path.SOURCE_ORIGINAL : Path.DESTINATION_ORIGINAL);
        if (original) {
            network.narrow(box, field, high(field, path), low(field, path));
        }
    }

    /** The result depends on the very address. */
    void pin(int field, Path path) {
        if (path.is(field == Box.SOURCE ? Path.SOURCE_ORIGINAL : Path.DESTINATION_ORIGINAL)) {
            box.pin(field, high(field, path), low(field, path));
        }
    }

    /** Whether a key is in a set was asked. */
    void set(Expr key, Path path, Elements elements, Fields fields) {
        if (key instanceof Expr.Concat concat) {
            int destination = Keys.destination(concat);
            if (destination >= 0 && elements.isExact()) {
                near(concat, destination, path, elements, fields);
                return;
            }
            for (int i = 0; i < concat.size(); i++) {
                cut(concat.part(i), i, path, elements, fields.row[2 * i], fields.row[2 * i + 1]);
            }
        } else if (!isDestination(key) || !elements.isExact()) {
            cut(key, 0, path, elements, fields.high, fields.low);
        } else if (!path.is(Path.DESTINATION_ORIGINAL) || box.isSingle(Box.DESTINATION)) {
            // Each address of such a set has a group of its own, so the others are all outside.
            return;
        }
    }

    private void cut(Expr part, int at, Path path, Elements elements, long high, long low) {
        int field = field(part, path);
        if (field >= 0) {
            keys.cuts(elements, at).narrow(box, field, high, low);
        }
    }

    /**
     * The elements with the packet's destination are few; elements with others do not matter, because their destinations have
     * groups of their own.
     */
    private void near(Expr.Concat key, int destination, Path path, Elements elements, Fields fields) {
        int[] order = keys.order(elements, destination);
        long high = fields.row[2 * destination];
        long low = fields.row[2 * destination + 1];
        for (int i = Keys.first(order, elements, destination, high, low); i < order.length; i++) {
            int element = order[i];
            if (elements.firstHigh(element, destination) != high || elements.firstLow(element, destination) != low) {
                return;
            }
            if (!fixed(key, path, elements, element, fields)) {
                continue;
            }
            for (int part = 0; part < key.size(); part++) {
                int field = part == destination ? -1 : field(key.part(part), path);
                if (field >= 0) {
                    long valueHigh = elements.firstHigh(element, part);
                    long valueLow = elements.firstLow(element, part);
                    box.narrow(
                            field,
                            fields.row[2 * part],
                            fields.row[2 * part + 1],
                            valueHigh,
                            valueLow,
                            valueHigh,
                            valueLow);
                }
            }
        }
    }

    /** Whether an element agrees with the packet in all that is the same for every packet of the walk. */
    private static boolean fixed(Expr.Concat key, Path path, Elements elements, int element, Fields fields) {
        for (int part = 0; part < key.size(); part++) {
            boolean same = elements.firstHigh(element, part) == fields.row[2 * part]
                    && elements.firstLow(element, part) == fields.row[2 * part + 1];
            if (!same && field(key.part(part), path) < 0) {
                return false;
            }
        }
        return true;
    }
}
