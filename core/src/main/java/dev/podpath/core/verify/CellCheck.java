package dev.podpath.core.verify;

import dev.podpath.core.intent.EndpointSet;
import dev.podpath.core.intent.Expectation;
import dev.podpath.core.intent.Masquerade;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Ends.Kind;
import dev.podpath.core.proxy.Ends.Source;

/** Compares how the packets of a class end with how they are meant to. Makes no objects where they agree. */
final class CellCheck {
    /** Five decimals of a probability were written once, and the kernel keeps 31 bits. */
    private static final double TOLERANCE = 2e-5;

    private CellCheck() {}

    /** What is wrong with a class, the gravest first. */
    enum Fault {
        /** Nothing. */
        NONE,
        /** It cannot be told. */
        UNKNOWN,
        /** The ways to end are not the ones that are meant. */
        ENDS,
        /** The source changes where it should not, or does not where it should. */
        MASQUERADE,
        /** Shares are not equal. */
        SHARES,
        /** Clients are not kept at their endpoints as they should. */
        AFFINITY
    }

    /**
     * Compares.
     *
     * @param ends how they end
     * @param wanted how they are meant to
     * @param number the port they are sent to
     * @param sources the sources of the class
     * @param here the node
     */
    static Fault fault(Ends ends, Expectation wanted, int number, AddressSet sources, Here here) {
        return switch (wanted.kind()) {
            case SENT -> sent(ends, wanted, number, sources, here);
            case SENT_OR_PAST -> sentOrPast(ends, wanted, number);
            case REJECTED -> only(ends, Kind.REJECTED, Kind.REJECTED);
            case DROPPED -> only(ends, Kind.DROPPED, Kind.DROPPED);
            case REFUSED -> only(ends, Kind.REJECTED, Kind.DROPPED);
            case LET_PASS -> only(ends, Kind.UNTOUCHED, Kind.UNTOUCHED);
            case NOT_SENT -> notSent(ends);
            case ANYTHING -> Fault.NONE;
        };
    }

    private static Fault only(Ends ends, Kind one, Kind other) {
        Fault worst = Fault.NONE;
        for (int end = 0; end < ends.count(); end++) {
            Kind kind = ends.kind(end);
            if (kind == Kind.UNKNOWN) {
                worst = Fault.UNKNOWN;
            } else if (kind != one && kind != other) {
                return Fault.ENDS;
            }
        }
        return worst;
    }

    private static Fault notSent(Ends ends) {
        Fault worst = Fault.NONE;
        for (int end = 0; end < ends.count(); end++) {
            if (ends.kind(end) == Kind.ENDPOINT) {
                return Fault.ENDS;
            }
            worst = ends.kind(end) == Kind.UNKNOWN ? Fault.UNKNOWN : worst;
        }
        return worst;
    }

    private static Fault sentOrPast(Ends ends, Expectation wanted, int number) {
        for (int end = 0; end < ends.count(); end++) {
            Kind kind = ends.kind(end);
            boolean right = kind == Kind.ENDPOINT
                    ? index(ends, end, wanted.endpoints(), number) >= 0
                    : kind == Kind.UNTOUCHED || kind == Kind.UNKNOWN;
            if (!right) {
                return Fault.ENDS;
            }
        }
        return Fault.NONE;
    }

    private static Fault sent(Ends ends, Expectation wanted, int number, AddressSet sources, Here here) {
        EndpointSet endpoints = wanted.endpoints();
        int count = ends.count();
        Fault kinds = kinds(ends, endpoints, number);
        if (kinds != Fault.NONE) {
            return kinds;
        }
        int size = endpoints.size();
        if (count < size || !coversAll(ends, endpoints, number)) {
            return Fault.ENDS;
        }
        Fault masquerade = masquerade(ends, wanted, sources, here);
        if (masquerade != Fault.NONE) {
            return masquerade;
        }
        if (!hasEqualShares(ends, endpoints, number)) {
            return Fault.SHARES;
        }
        // With one endpoint there is nothing to keep a client at.
        return size < 2 || ends.affinitySeconds() == wanted.affinitySeconds() ? Fault.NONE : Fault.AFFINITY;
    }

    /** Whether every end is one of the endpoints. */
    private static Fault kinds(Ends ends, EndpointSet endpoints, int number) {
        Fault worst = Fault.NONE;
        for (int end = 0; end < ends.count(); end++) {
            Kind kind = ends.kind(end);
            if (kind == Kind.UNKNOWN) {
                worst = Fault.UNKNOWN;
            } else if (kind != Kind.ENDPOINT || index(ends, end, endpoints, number) < 0) {
                return Fault.ENDS;
            }
        }
        return worst;
    }

    /** Whether every endpoint is an end; all ends are endpoints. */
    private static boolean coversAll(Ends ends, EndpointSet endpoints, int number) {
        int size = endpoints.size();
        if (size <= Long.SIZE) {
            long seen = 0;
            for (int end = 0; end < ends.count(); end++) {
                seen |= 1L << index(ends, end, endpoints, number);
            }
            return Long.bitCount(seen) == size;
        }
        boolean[] seen = new boolean[size];
        int different = 0;
        for (int end = 0; end < ends.count(); end++) {
            int index = index(ends, end, endpoints, number);
            different += seen[index] ? 0 : 1;
            seen[index] = true;
        }
        return different == size;
    }

    private static boolean hasEqualShares(Ends ends, EndpointSet endpoints, int number) {
        int count = ends.count();
        double even = 1.0 / endpoints.size();
        if (count == endpoints.size()) {
            for (int end = 0; end < count; end++) {
                if (Math.abs(ends.share(end) - even) > TOLERANCE) {
                    return false;
                }
            }
            return true;
        }
        double[] sums = new double[endpoints.size()];
        for (int end = 0; end < count; end++) {
            sums[index(ends, end, endpoints, number)] += ends.share(end);
        }
        for (double sum : sums) {
            if (Math.abs(sum - even) > TOLERANCE) {
                return false;
            }
        }
        return true;
    }

    /**
     * What the checks need to know of the node.
     *
     * @param hairpin its name where only endpoints on the node are known to talk to themselves; else empty
     * @param own its own addresses
     */
    record Here(String hairpin, AddressSet own) {
        /** Whatever addresses the node has, none of its own is an endpoint. */
        static Here of(String hairpin) {
            return new Here(hairpin, AddressSet.empty(false));
        }
    }

    private static Fault masquerade(Ends ends, Expectation wanted, AddressSet sources, Here here) {
        Fault worst = Fault.NONE;
        boolean always = wanted.masquerade() == Masquerade.ALWAYS;
        for (int end = 0; end < ends.count(); end++) {
            Source source = ends.source(end);
            if (source == Source.UNKNOWN) {
                worst = Fault.UNKNOWN;
                continue;
            }
            boolean kept = source == Source.KEPT;
            if (always) {
                // What stays on the node never comes to POSTROUTING, where sources change.
                if (kept && !here.own().contains(ends.addressHigh(end), ends.addressLow(end))) {
                    return Fault.MASQUERADE;
                }
                continue;
            }
            if (!sources.contains(ends.addressHigh(end), ends.addressLow(end))) {
                if (!kept) {
                    return Fault.MASQUERADE;
                }
                continue;
            }
            // The endpoint itself is among the senders.
            boolean alone = sources.isSingle();
            boolean known = here.hairpin().isEmpty() || isOn(wanted.endpoints(), ends, end, here.hairpin());
            if (known ? kept || !alone : !alone && !kept) {
                return Fault.MASQUERADE;
            }
        }
        return worst;
    }

    private static boolean isOn(EndpointSet endpoints, Ends ends, int end, String node) {
        int index = endpoints.find(ends.addressHigh(end), ends.addressLow(end), ends.port(end));
        return index >= 0 && endpoints.get(index).node().contains(node);
    }

    /** The number of the endpoint an end is; negative where it is none of them. */
    static int index(Ends ends, int end, EndpointSet endpoints, int number) {
        int port = ends.port(end);
        return endpoints.find(ends.addressHigh(end), ends.addressLow(end), port == 0 ? number : port);
    }
}
