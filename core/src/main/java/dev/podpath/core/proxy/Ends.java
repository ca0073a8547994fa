package dev.podpath.core.proxy;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import java.util.Arrays;

/**
 * How a packet can end, without the reasoning: what a check of tens of thousands of classes or of millions of packets
 * reads. The verdict it belongs to has the same ends with exact shares, rules and evidence.
 *
 * <p>Immutable. The ends are numbered from 0 in the order of the verdict's branches.
 */
public final class Ends {
    private static final Kind[] KINDS = Kind.values();
    private static final Source[] SOURCES = Source.values();

    private static final long[] NARROW = {};

    /** For each end an IPv4 address, then port, source and kind. */
    private final long[] words;

    /** For each end both halves of its IPv6 address; no words where there is none. */
    private final long[] wide;

    private final double[] shares;
    private final boolean v6;
    private final int affinitySeconds;

    private Ends(long[] words, long[] wide, double[] shares, boolean v6, int affinitySeconds) {
        this.words = words;
        this.wide = wide;
        this.shares = shares;
        this.v6 = v6;
        this.affinitySeconds = affinitySeconds;
    }

    /** The ways a packet can end on a node. */
    public enum Kind {
        /** Its destination becomes an endpoint. */
        ENDPOINT,
        /** Its sender is told that nobody is there. */
        REJECTED,
        /** It is discarded. */
        DROPPED,
        /** Its destination stays. */
        UNTOUCHED,
        /** It cannot be told. */
        UNKNOWN
    }

    /** What becomes of the source address. */
    public enum Source {
        /** It stays. */
        KEPT,
        /** It becomes the address of the interface the packet leaves by. */
        MASQUERADED,
        /** It becomes an address that a rule names. */
        TRANSLATED,
        /** It cannot be told. */
        UNKNOWN
    }

    /** The ends of a verdict. */
    public static Ends of(ProxyVerdict verdict) {
        Vector<ProxyBranch> branches = verdict.branches();
        Builder ends = new Builder(branches.size());
        for (ProxyBranch branch : branches) {
            ProxyOutcome outcome = branch.outcome();
            double share = share(branch.share());
            if (outcome instanceof ProxyOutcome.ToEndpoint to) {
                IpAddress address = to.address().address();
                ends.v6(address.isV6());
                ends.add(
                        Kind.ENDPOINT,
                        address.high(),
                        address.low(),
                        to.address().port(),
                        source(branch.sourceNat()),
                        share);
            } else {
                ends.add(kind(outcome), 0, 0, 0, source(branch.sourceNat()), share);
            }
        }
        return ends.affinitySeconds(verdict.affinitySeconds().getOrElse(0)).build();
    }

    private static Kind kind(ProxyOutcome outcome) {
        if (outcome instanceof ProxyOutcome.Rejected) {
            return Kind.REJECTED;
        }
        if (outcome instanceof ProxyOutcome.Dropped) {
            return Kind.DROPPED;
        }
        return outcome instanceof ProxyOutcome.Untouched ? Kind.UNTOUCHED : Kind.UNKNOWN;
    }

    private static Source source(SourceNat nat) {
        if (nat instanceof SourceNat.Kept) {
            return Source.KEPT;
        }
        if (nat instanceof SourceNat.Masquerade) {
            return Source.MASQUERADED;
        }
        return nat instanceof SourceNat.Snat ? Source.TRANSLATED : Source.UNKNOWN;
    }

    private static double share(Share share) {
        return share instanceof Share.Exact exact ? exact.value().toDouble() : Double.NaN;
    }

    /** How many there are; at least one. */
    public int count() {
        return shares.length;
    }

    /** How an end ends. */
    public Kind kind(int end) {
        return KINDS[(int) words[end] & 0xF];
    }

    /** What becomes of the source address. */
    public Source source(int end) {
        return SOURCES[(int) words[end] >>> 4 & 0xF];
    }

    /** The upper 64 bits of an endpoint's address; 0 for IPv4, and where the end is no endpoint. */
    public long addressHigh(int end) {
        return wide.length == 0 ? 0 : wide[2 * end];
    }

    /** The lower 64 bits of an endpoint's address, the whole of an IPv4 address; 0 where the end is no endpoint. */
    public long addressLow(int end) {
        return wide.length == 0 ? words[end] >>> 32 : wide[2 * end + 1];
    }

    /** The port of an endpoint; 0 stands for the port the packet came with. */
    public int port(int end) {
        return (int) words[end] >>> 8 & 0xFFFF;
    }

    /**
     * Which part of new connections ends so, 0 to 1, within 1e-12 of the exact share of the verdict's branch; NaN where
     * the data plane defines none.
     */
    public double share(int end) {
        return shares[end];
    }

    /** Whether the addresses are IPv6. */
    public boolean isV6() {
        return v6;
    }

    /** For how many seconds a client goes on to the endpoint it had; 0 where every connection is placed anew. */
    public int affinitySeconds() {
        return affinitySeconds;
    }

    /** The endpoint of an end of kind {@link Kind#ENDPOINT}. */
    public AddressPort endpoint(int end) {
        long high = addressHigh(end);
        long low = addressLow(end);
        return new AddressPort(v6 ? IpAddress.v6(high, low) : IpAddress.v4((int) low), port(end));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ends that
                && v6 == that.v6
                && affinitySeconds == that.affinitySeconds
                && Arrays.equals(words, that.words)
                && Arrays.equals(wide, that.wide)
                && Arrays.equals(shares, that.shares);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(words) + Arrays.hashCode(wide)) + Arrays.hashCode(shares);
    }

    /** One end after another: {@code 1/2 ENDPOINT 10.0.0.1:80 KEPT}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (int end = 0; end < count(); end++) {
            out.append(end == 0 ? "" : "; ").append(shares[end]).append(' ').append(kind(end));
            if (kind(end) == Kind.ENDPOINT) {
                out.append(' ').append(endpoint(end));
            }
            out.append(' ').append(source(end));
        }
        return out.toString();
    }

    /** The same ends, to be sent to other endpoints. */
    public Builder toOthers() {
        return new Builder(this);
    }

    /** Collects ends; for one use. */
    public static final class Builder {
        private final long[] words;
        private long[] wide;
        private final double[] shares;
        private boolean v6;
        private int affinitySeconds;
        private int count;

        /** Room for exactly so many ends. */
        public Builder(int count) {
            words = new long[count];
            wide = NARROW;
            shares = new double[count];
        }

        private Builder(Ends like) {
            words = like.words.clone();
            wide = like.wide.length == 0 ? NARROW : like.wide.clone();
            shares = like.shares;
            v6 = like.v6;
            affinitySeconds = like.affinitySeconds;
            count = words.length;
        }

        /** Sets the family of the addresses. */
        public Builder v6(boolean yes) {
            v6 = yes;
            return this;
        }

        /** Sets how long a client goes on to the endpoint it had. */
        public Builder affinitySeconds(int seconds) {
            affinitySeconds = seconds;
            return this;
        }

        /** Adds an end; the meanings are those of the methods of {@link Ends}. */
        public Builder add(Kind kind, long addressHigh, long addressLow, int port, Source source, double share) {
            words[count] = (long) source.ordinal() << 4 | kind.ordinal();
            shares[count] = share;
            address(count++, addressHigh, addressLow, port);
            return this;
        }

        /** Sets the address and the port of an end that is there. */
        public Builder endpoint(int end, long addressHigh, long addressLow, int port) {
            words[end] &= 0xFF;
            address(end, addressHigh, addressLow, port);
            return this;
        }

        private void address(int end, long addressHigh, long addressLow, int port) {
            words[end] |= (long) port << 8;
            if (!v6) {
                words[end] |= addressLow << 32;
            } else if ((addressHigh | addressLow) != 0 || wide.length != 0) {
                wide = wide.length == 0 ? new long[2 * words.length] : wide;
                wide[2 * end] = addressHigh;
                wide[2 * end + 1] = addressLow;
            }
        }

        /**
         * The ends.
         *
         * @throws IllegalStateException where not as many were added as were announced
         */
        public Ends build() {
            if (count != shares.length || count == 0) {
                throw new IllegalStateException(count + " ends of " + shares.length);
            }
            return new Ends(words, wide, shares, v6, affinitySeconds);
        }
    }
}
