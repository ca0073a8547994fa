package dev.podpath.proxy.iptables.eval;

/**
 * What the rules for one destination address, protocol and port are. Each address and port is numbered by where it is met first. The
 * words of the {@linkplain ShapeKind kind} hold, too, all that rules and network beside these can tell of them, so that packets to
 * two destinations of one kind have the same classes but for the numbered addresses and ports. Immutable.
 */
final class Shape {
    private final ShapeKind kind;
    /** The addresses, each as one word or as four, then the ports. */
    private final int[] constants;

    Shape(ShapeKind kind, int[] constants) {
        this.kind = kind;
        this.constants = constants;
    }

    ShapeKind kind() {
        return kind;
    }

    long high(int address) {
        return kind.v6() ? join(4 * address) : 0;
    }

    long low(int address) {
        return kind.v6() ? join(4 * address + 2) : constants[address] & 0xFFFF_FFFFL;
    }

    private long join(int at) {
        return (long) constants[at] << 32 | constants[at + 1] & 0xFFFF_FFFFL;
    }

    private int port(int number) {
        return constants[kind.addresses() * (kind.v6() ? 4 : 1) + number];
    }

    /** The destination port. */
    int port() {
        return port(0);
    }

    /** The number of the address of an endpoint. */
    int endpointAddress(int endpoint) {
        return kind.endpoints()[2 * endpoint];
    }

    /** The port of an endpoint, which can be the one the packet came with. */
    int endpointPort(int endpoint) {
        return port(Math.max(kind.endpoints()[2 * endpoint + 1], 0));
    }

    /**
     * An address that is like one of these to all rules and is none of them, as two words; no words where there is none near.
     *
     * @param shared the rules beside those that are for the destination
     */
    long[] other(int address, SharedRules shared) {
        boolean v6 = kind.v6();
        long high = high(address);
        long low = low(address);
        for (int step = 1; step <= 2 * ShapeReader.MOST_ADDRESSES; step++) {
            long near = low + (step % 2 == 0 ? step / 2 : -(step + 1) / 2);
            boolean inside = v6 ? near >>> 1 != 0 && near >>> 1 != -1L >>> 1 : near >= 0 && near <= 0xFFFF_FFFFL;
            if (inside
                    && !isOne(high, near)
                    && shared.kind(high, near) == shared.kind(high, low)
                    && kind.within(high, near) == kind.within(high, low)) {
                return new long[] {high, near};
            }
        }
        return new long[0];
    }

    private boolean isOne(long high, long low) {
        for (int i = 0; i < kind.addresses(); i++) {
            if (low(i) == low && high(i) == high) {
                return true;
            }
        }
        return false;
    }
}
