package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.walk.Box;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Packets: every combination of a set of sources, of destinations and of ports. Immutable; the fields are those of {@link Box}. */
final class Region {
    static final int FIELDS = 4;
    private static final Ranges V4 = Ranges.of(0, 0, 0, 0xFFFF_FFFFL);
    private static final Ranges V6 = Ranges.of(0, 0, -1L, -1L);
    static final Ranges SOURCE_PORTS = Ranges.of(0, 1, 0, 65535);
    static final Ranges PORTS = Ranges.of(0, 0, 0, 65535);

    private static final Region NONE =
            new Region(Ranges.of(new long[0]), Ranges.of(new long[0]), Ranges.of(new long[0]), Ranges.of(new long[0]));

    private final Ranges source;
    private final Ranges destination;
    private final Ranges sourcePort;
    private final Ranges destinationPort;

    private Region(Ranges source, Ranges destination, Ranges sourcePort, Ranges destinationPort) {
        this.source = source;
        this.destination = destination;
        this.sourcePort = sourcePort;
        this.destinationPort = destinationPort;
    }

    /** Every packet of a family. */
    static Region all(boolean v6) {
        return new Region(v6 ? V6 : V4, v6 ? V6 : V4, SOURCE_PORTS, PORTS);
    }

    /** No packet. */
    static Region none() {
        return NONE;
    }

    /** The parts of a larger region that are not in this one. */
    void outside(Region larger, List<Region> parts) {
        Region left = larger;
        for (int field = 0; left != this && field < FIELDS; field++) {
            Ranges mine = field(field);
            if (mine != larger.field(field)) {
                Ranges rest = larger.field(field).minus(mine);
                if (!rest.isEmpty()) {
                    parts.add(left.with(field, rest));
                }
                left = left.with(field, mine);
            }
        }
    }

    Ranges field(int field) {
        return switch (field) {
            case Box.SOURCE -> source;
            case Box.DESTINATION -> destination;
            case Box.SOURCE_PORT -> sourcePort;
            default -> destinationPort;
        };
    }

    Region with(int field, Ranges ranges) {
        return switch (field) {
            case Box.SOURCE -> new Region(ranges, destination, sourcePort, destinationPort);
            case Box.DESTINATION -> new Region(source, ranges, sourcePort, destinationPort);
            case Box.SOURCE_PORT -> new Region(source, destination, ranges, destinationPort);
            default -> new Region(source, destination, sourcePort, ranges);
        };
    }

    /** What is in both; null where nothing is. */
    @Nullable
    Region and(Region other) {
        Ranges to = destination.and(other.destination);
        Ranges toPort = destinationPort.and(other.destinationPort);
        Ranges from = source.and(other.source);
        Ranges fromPort = sourcePort.and(other.sourcePort);
        if (to.isEmpty() || toPort.isEmpty() || from.isEmpty() || fromPort.isEmpty()) {
            return null;
        }
        boolean same = to == destination && toPort == destinationPort && from == source && fromPort == sourcePort;
        return same ? this : new Region(from, to, fromPort, toPort);
    }

    /** Keeps a region that gets smaller as a walk goes. */
    static final class Shrinking implements Extent {
        private Region region;
        private boolean otherwise;

        Shrinking(Region region) {
            this.region = region;
        }

        Region region() {
            return region;
        }

        void restart(Region from) {
            region = from;
            otherwise = false;
        }

        /** Whether something was asked since that is no question of fields alone. */
        boolean isOtherwise() {
            return otherwise;
        }

        private void replace(int field, Ranges before, Ranges after) {
            if (after != before) {
                region = region.with(field, after);
            }
        }

        @Override
        public void narrow(int field, long high, long low, long fromHigh, long fromLow, long toHigh, long toLow) {
            Ranges before = region.field(field);
            boolean inside =
                    Box.compare(high, low, fromHigh, fromLow) >= 0 && Box.compare(high, low, toHigh, toLow) <= 0;
            replace(
                    field,
                    before,
                    inside
                            ? before.within(fromHigh, fromLow, toHigh, toLow)
                            : before.without(fromHigh, fromLow, toHigh, toLow));
        }

        @Override
        public void alike(int field, long high, long low, Cuts cuts) {
            Ranges before = region.field(field);
            replace(field, before, before.and(cuts.alike(high, low)));
        }

        @Override
        public void among(int field, int port, Ranges same, int from, int to) {
            Ranges before = region.field(field);
            replace(field, before, before.and(same));
        }

        @Override
        public void other() {
            otherwise = true;
        }

        @Override
        public boolean isSettled(int field) {
            return region.field(field).isSingle();
        }

        @Override
        public void pin(int field, long high, long low) {
            Ranges before = region.field(field);
            replace(field, before, before.within(high, low, high, low));
        }
    }
}
