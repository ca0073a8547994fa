package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.Ends;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The classes of the packets to one destination, to be put down for every other one of the same {@link Shape}. Immutable. */
final class Template {
    private final int[] words;
    private final List<Part> parts;

    private Template(int[] words, List<Part> parts) {
        this.words = words;
        this.parts = parts;
    }

    /** A class. */
    private static final class Part {
        /** Its packets, but for destination, destination port and sources. */
        private final Region region;
        /** Its sources, as if none of the addresses of the shape were told apart from those around it. */
        private final Ranges sources;
        /** Numbers of the addresses that are told apart. */
        private final int[] apart;
        /** For each of these whether it is a source of the class, and those around it are not. */
        private final boolean[] there;
        /** How its packets end. */
        private final Ends ends;
        /** For each end the number of the endpoint, or -1. */
        private final int[] endpoints;

        Part(Region region, Ranges sources, int[] apart, boolean[] there, Ends ends, int[] endpoints) {
            this.region = region;
            this.sources = sources;
            this.apart = apart;
            this.there = there;
            this.ends = ends;
            this.endpoints = endpoints;
        }
    }

    /** One of the classes of the destination that a shape was read for; one without classes where that cannot be done. */
    static Template of(Shape shape, Survey.Divided divided, boolean v6) {
        List<Part> parts = new ArrayList<>();
        for (Tree.Part part : divided.parts()) {
            Part made = part(shape, part, v6);
            if (made == null) {
                return new Template(shape.words(), List.of());
            }
            parts.add(made);
        }
        return new Template(shape.words(), parts);
    }

    private static @Nullable Part part(Shape shape, Tree.Part part, boolean v6) {
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
        int[] apart = new int[shape.addresses()];
        boolean[] there = new boolean[shape.addresses()];
        int count = 0;
        for (int i = 0; i < shape.addresses(); i++) {
            long[] other = shape.other(i);
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
        return new Part(region, sources, Arrays.copyOf(apart, count), Arrays.copyOf(there, count), ends, endpoints);
    }

    /** Which endpoint each end is; null where one is none of the shape's. */
    private static int @Nullable [] endpoints(Shape shape, Ends ends) {
        int[] found = new int[ends.count()];
        for (int end = 0; end < found.length; end++) {
            found[end] = -1;
            for (int i = 0; ends.kind(end) == Ends.Kind.ENDPOINT && i < shape.endpoints(); i++) {
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

    boolean isFor(Shape shape) {
        return shape.isSame(words);
    }

    /** Whether there are classes to be put down. */
    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Puts down the classes for the destination that a shape was read for. */
    void put(
            GroupPartition partition,
            Protocol protocol,
            Shape shape,
            Region whole,
            AddressSet destinations,
            List<PartCell> cells) {
        for (Part part : parts) {
            Ranges sources = part.sources;
            for (int i = 0; i < part.apart.length; i++) {
                long high = shape.high(part.apart[i]);
                long low = shape.low(part.apart[i]);
                sources = part.there[i] ? sources.plus(high, low) : sources.without(high, low, high, low);
            }
            Region region = whole.with(Box.SOURCE, sources);
            Ranges fromPorts = part.region.field(Box.SOURCE_PORT);
            if (fromPorts != Region.SOURCE_PORTS) {
                region = region.with(Box.SOURCE_PORT, fromPorts);
            }
            cells.add(new PartCell(partition, protocol, region, destinations, List.of(), ends(part, shape)));
        }
    }

    private static Ends ends(Part part, Shape shape) {
        Ends like = part.ends;
        boolean reaching = false;
        for (int endpoint : part.endpoints) {
            reaching |= endpoint >= 0;
        }
        if (!reaching) {
            return like;
        }
        int count = like.count();
        Ends.Builder ends = new Ends.Builder(count).v6(shape.isV6()).affinitySeconds(like.affinitySeconds());
        for (int end = 0; end < count; end++) {
            int endpoint = part.endpoints[end];
            if (endpoint < 0) {
                ends.add(like.kind(end), 0, 0, 0, like.source(end), like.share(end));
            } else {
                int address = shape.endpointAddress(endpoint);
                ends.add(
                        like.kind(end),
                        shape.high(address),
                        shape.low(address),
                        shape.endpointPort(endpoint),
                        like.source(end),
                        like.share(end));
            }
        }
        return ends.build();
    }
}
