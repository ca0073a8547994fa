package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.AddressSetEditor;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.walk.Box;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The classes of the packets to one destination, to be put down for every other one of the same {@link Shape}. Immutable. */
final class Template {
    private static final ThreadLocal<AddressSetEditor> EDITORS = ThreadLocal.withInitial(AddressSetEditor::new);
    private static final Template EMPTY = new Template(List.of());

    private final List<Part> parts;

    private Template(List<Part> parts) {
        this.parts = parts;
    }

    /** A class, but for destination and destination port. */
    private static final class Part {
        /** Its sources, as if none of the addresses of the shape were told apart from those around it. */
        private final Ranges around;
        /** Numbers of the addresses that are told apart. */
        private final int[] apart;
        /** For each of these whether it is a source of the class, and those around it are not. */
        private final boolean[] there;

        private final AddressSet aroundAsSet;
        private final PortSet sourcePorts;
        private final boolean anySourcePort;
        /** How its packets end. */
        private final Ends ends;
        /** For each end the number of the endpoint, or -1. */
        private final int[] endpoints;

        private final boolean reaching;

        Part(Ranges around, int[] apart, boolean[] there, PortSet sourcePorts, Ends ends, int[] endpoints, boolean v6) {
            this.around = around;
            this.aroundAsSet = AddressSet.ofBounds(v6, around.bounds());
            this.apart = apart;
            this.there = there;
            this.sourcePorts = sourcePorts;
            this.anySourcePort = sourcePorts.equals(PartCell.ports(Region.SOURCE_PORTS));
            this.ends = ends;
            this.endpoints = endpoints;
            this.reaching = Arrays.stream(endpoints).anyMatch(endpoint -> endpoint >= 0);
        }

        AddressSet sources(Shape shape) {
            if (apart.length == 0) {
                return aroundAsSet;
            }
            AddressSetEditor sources = EDITORS.get();
            sources.start(aroundAsSet);
            for (int i = 0; i < apart.length; i++) {
                if (there[i]) {
                    sources.plus(shape.high(apart[i]), shape.low(apart[i]));
                } else {
                    sources.without(shape.high(apart[i]), shape.low(apart[i]));
                }
            }
            return sources.set();
        }

        /** Of an open port, 0, only what holds for every port is told. */
        boolean isFromPort(int port) {
            return anySourcePort || sourcePorts.contains(port);
        }

        boolean isFrom(Shape shape, IpAddress source) {
            for (int i = 0; i < apart.length; i++) {
                if (shape.low(apart[i]) == source.low() && shape.high(apart[i]) == source.high()) {
                    return there[i];
                }
            }
            return around.contains(source.high(), source.low());
        }

        Ends ends(Shape shape) {
            if (!reaching) {
                return ends;
            }
            Ends.Builder others = ends.toOthers();
            for (int end = 0; end < endpoints.length; end++) {
                int endpoint = endpoints[end];
                if (endpoint >= 0) {
                    int address = shape.endpointAddress(endpoint);
                    others.endpoint(end, shape.high(address), shape.low(address), shape.endpointPort(endpoint));
                }
            }
            return others.build();
        }
    }

    /** One without classes. */
    static Template empty() {
        return EMPTY;
    }

    /** One of the classes of the destination that a shape was read for; one without classes where that cannot be done. */
    static Template of(Shape shape, Survey.Divided divided, SharedRules shared) {
        List<Part> parts = new ArrayList<>();
        for (Tree.Part part : divided.parts()) {
            Part made = part(shape, part, shared);
            if (made == null) {
                return EMPTY;
            }
            parts.add(made);
        }
        return new Template(parts);
    }

    private static @Nullable Part part(Shape shape, Tree.Part part, SharedRules shared) {
        boolean v6 = shape.kind().v6();
        int addresses = shape.kind().addresses();
        Region region = part.region();
        boolean simple = LeafEnds.isTold(part.leaves())
                && region.field(Box.DESTINATION_PORT).isSingle();
        Ends ends = simple ? LeafEnds.of(part.leaves(), v6, PartCell.port(region)) : null;
        int[] endpoints = ends == null ? null : endpoints(shape, ends);
        if (ends == null || endpoints == null) {
            return null;
        }
        Ranges before = region.field(Box.SOURCE);
        Ranges sources = before;
        int[] apart = new int[addresses];
        boolean[] there = new boolean[addresses];
        int count = 0;
        for (int i = 0; i < addresses; i++) {
            long[] other = shape.other(i, shared);
            if (other.length == 0) {
                return null;
            }
            boolean inside = before.contains(shape.high(i), shape.low(i));
            if (inside != before.contains(other[0], other[1])) {
                sources = inside
                        ? sources.without(shape.high(i), shape.low(i), shape.high(i), shape.low(i))
                        : sources.plus(shape.high(i), shape.low(i));
                apart[count] = i;
                there[count++] = inside;
            }
        }
        return new Part(
                sources,
                Arrays.copyOf(apart, count),
                Arrays.copyOf(there, count),
                PartCell.ports(region.field(Box.SOURCE_PORT)),
                ends,
                endpoints,
                v6);
    }

    /** Which endpoint each end is; null where one is none of the shape's. */
    private static int @Nullable [] endpoints(Shape shape, Ends ends) {
        int[] found = new int[ends.count()];
        for (int end = 0; end < found.length; end++) {
            found[end] = -1;
            for (int i = 0;
                    ends.kind(end) == Ends.Kind.ENDPOINT && i < shape.kind().endpointCount();
                    i++) {
                int address = shape.endpointAddress(i);
                if (ends.addressLow(end) == shape.low(address)
                        && ends.addressHigh(end) == shape.high(address)
                        && ends.port(end) == shape.endpointPort(i)) {
                    found[end] = i;
                }
            }
            if (ends.kind(end) == Ends.Kind.ENDPOINT && found[end] < 0) {
                return null;
            }
        }
        return found;
    }

    /** Whether there are classes to be put down. */
    boolean isEmpty() {
        return parts.isEmpty();
    }

    /**
     * How a packet to the destination that a shape was read for ends; null where no class is known to hold it.
     */
    @Nullable
    Ends ends(Shape shape, Packet packet) {
        for (Part part : parts) {
            if (part.isFromPort(packet.sourcePort()) && part.isFrom(shape, packet.source())) {
                return part.ends(shape);
            }
        }
        return null;
    }

    /** Puts down the classes for the destination that a shape was read for. */
    void put(GroupPartition partition, Protocol protocol, Shape shape, AddressSet destinations, List<PartCell> cells) {
        PortSet ports = PortSet.of(shape.port());
        for (Part part : parts) {
            PacketClass packets = new PacketClass(protocol, part.sources(shape), part.sourcePorts, destinations, ports);
            cells.add(new PartCell(partition, packets, List.of(), part.ends(shape)));
        }
    }
}
