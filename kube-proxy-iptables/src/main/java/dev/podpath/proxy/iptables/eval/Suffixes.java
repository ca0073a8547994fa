package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.proxy.walk.Box;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of packets once their destination is chosen. From there on hardly anything depends on which endpoint it is,
 * so the rest of the way is followed once for each state a packet can be in, and remembered with the packets for which
 * it is the same. Safe for use from several threads.
 */
final class Suffixes {
    private static final int MOST = 256;

    private final Tracer tracer;
    private volatile Suffix[] all = {};

    Suffixes(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Follows a path to its end and tells for which packets it is the same; null where it is not that simple. */
    @FunctionalInterface
    interface Tracer {
        @Nullable
        End trace(Path path, Protocol protocol, Arrival arrival);
    }

    /** The end of a path that is about to go on after its destination was chosen; null where it has to be followed. */
    @Nullable
    End end(Path path, Protocol protocol, Arrival arrival) {
        Suffix suffix = suffix(path, protocol);
        if (suffix == null) {
            return null;
        }
        for (End end : suffix.ends) {
            if (end.holds(path)) {
                return end;
            }
        }
        return suffix.closed ? null : learn(suffix, path, protocol, arrival);
    }

    private synchronized @Nullable End learn(Suffix suffix, Path path, Protocol protocol, Arrival arrival) {
        End end = suffix.ends.length >= MOST ? null : tracer.trace(path, protocol, arrival);
        if (end == null) {
            suffix.closed = true;
        } else {
            End[] more = Arrays.copyOf(suffix.ends, suffix.ends.length + 1);
            more[more.length - 1] = end;
            suffix.ends = more;
        }
        return end;
    }

    private @Nullable Suffix suffix(Path path, Protocol protocol) {
        int flags = flags(path);
        for (Suffix suffix : all) {
            if (suffix.fits(path, protocol, flags)) {
                return suffix;
            }
        }
        return all.length >= MOST ? null : add(path, protocol, flags);
    }

    private synchronized Suffix add(Path path, Protocol protocol, int flags) {
        Suffix suffix = new Suffix(path, protocol, flags);
        Suffix[] more = Arrays.copyOf(all, all.length + 1);
        more[more.length - 1] = suffix;
        all = more;
        return suffix;
    }

    private static int flags(Path path) {
        return (path.destinationDone ? 1 : 0)
                | (path.destinationChanged ? 2 : 0)
                | (path.sourceDone ? 4 : 0)
                | (path.sourceChanged ? 8 : 0)
                | (path.sourceUnknown ? 16 : 0)
                | (path.forwarded ? 32 : 0)
                | (path.loopedBack ? 64 : 0)
                | (path.balanced ? 128 : 0);
    }

    /** The state of a packet, and how packets in it end. */
    private static final class Suffix {
        private final int stage;
        private final Protocol protocol;
        private final int mark;
        private final int connectionMark;
        private final int state;
        private final int flags;
        private final String in;
        private final String out;
        private volatile End[] ends = {};
        private volatile boolean closed;

        Suffix(Path path, Protocol protocol, int flags) {
            this.stage = path.stage;
            this.protocol = protocol;
            this.mark = path.mark;
            this.connectionMark = path.connectionMark;
            this.state = path.state;
            this.flags = flags;
            this.in = path.in;
            this.out = path.out;
        }

        boolean fits(Path path, Protocol of, int with) {
            return stage == path.stage
                    && mark == path.mark
                    && protocol == of
                    && flags == with
                    && connectionMark == path.connectionMark
                    && state == path.state
                    && in.equals(path.in)
                    && out.equals(path.out);
        }
    }

    /** How some of the packets in a state end. */
    static final class End {
        private final Ranges source;
        private final Ranges sourcePort;
        private final Ranges destination;
        private final Ranges destinationPort;
        private final boolean anySourcePort;
        private final int ending;
        private final String detail;
        private final SourceNat sourceNat;
        private final String out;

        End(Region packets, Path end) {
            this.source = packets.field(Box.SOURCE);
            this.sourcePort = packets.field(Box.SOURCE_PORT);
            this.destination = packets.field(Box.DESTINATION);
            this.destinationPort = packets.field(Box.DESTINATION_PORT);
            this.anySourcePort = sourcePort == Region.SOURCE_PORTS;
            this.ending = end.ending;
            this.detail = end.detail;
            this.sourceNat = end.sourceNat;
            this.out = end.out;
        }

        boolean holds(Path path) {
            return destination.contains(path.dstHigh, path.dstLow)
                    && source.contains(path.srcHigh, path.srcLow)
                    && destinationPort.contains(0, path.destinationPort)
                    && (anySourcePort || sourcePort.contains(0, path.sourcePort));
        }

        /** The packets of the region of a path that end so. */
        Region within(Path path) {
            Region region = part(path.region, Box.SOURCE, source);
            if (!anySourcePort) {
                region = part(region, Box.SOURCE_PORT, sourcePort);
            }
            return path.portOriginal ? part(region, Box.DESTINATION_PORT, destinationPort) : region;
        }

        private static Region part(Region region, int field, Ranges ranges) {
            Ranges before = region.field(field);
            Ranges after = before.and(ranges);
            return after == before ? region : region.with(field, after);
        }

        void give(Path path) {
            path.end(ending, detail);
            path.sourceNat = sourceNat;
            path.out = out;
        }
    }
}
