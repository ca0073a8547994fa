package dev.podpath.core.net;

import io.vavr.control.Option;

/**
 * An IPv4 or IPv6 address.
 *
 * <p>Text is read strictly: four decimal octets without leading zeros for IPv4 (whether {@code 010} is eight or ten is
 * not agreed anywhere), the forms of RFC 4291 section 2.2 without a zone for IPv6. It is written in the canonical form
 * of RFC 5952. An IPv4-mapped IPv6 address stays an IPv6 address.
 */
public final class IpAddress implements Comparable<IpAddress> {
    private static final long V4_MASK = 0xFFFF_FFFFL;

    private final boolean v6;
    private final long high;
    private final long low;

    private IpAddress(boolean v6, long high, long low) {
        this.v6 = v6;
        this.high = high;
        this.low = low;
    }

    /** The IPv4 address with these 32 bits, most significant octet first. */
    public static IpAddress v4(int bits) {
        return new IpAddress(false, 0L, bits & V4_MASK);
    }

    /** The IPv6 address with these 128 bits, {@code high} being the first 64 in network order. */
    public static IpAddress v6(long high, long low) {
        return new IpAddress(true, high, low);
    }

    /** Reads an address; empty where the text is not exactly one address. Never asks a name service. */
    public static Option<IpAddress> parse(CharSequence text) {
        return IpText.parse(text);
    }

    /**
     * Reads an address that is known to be one.
     *
     * @throws IllegalArgumentException where the text is no address
     */
    public static IpAddress of(CharSequence text) {
        return parse(text).getOrElseThrow(() -> new IllegalArgumentException("not an IP address: " + text));
    }

    /** Whether this is an IPv6 address. */
    public boolean isV6() {
        return v6;
    }

    /** Number of bits of the family: 32 or 128. */
    public int bits() {
        return v6 ? 128 : 32;
    }

    /** The 32 bits of an IPv4 address, and the last 32 of an IPv6 address. */
    public int v4Bits() {
        return (int) low;
    }

    /** The first 64 bits of an IPv6 address; 0 for IPv4. */
    public long high() {
        return high;
    }

    /** The last 64 bits of an IPv6 address; the 32 bits of an IPv4 address, without sign. */
    public long low() {
        return low;
    }

    /** Whether the address is in 127.0.0.0/8 or is ::1. */
    public boolean isLoopback() {
        return v6 ? high == 0 && low == 1 : (low >>> 24) == 127;
    }

    /** Whether the address is link-local: 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291). */
    public boolean isLinkLocal() {
        return v6 ? (high >>> 54) == 0x3FA : (low >>> 16) == 0xA9FE;
    }

    /**
     * Whether the address can be reached over the public Internet: not private (RFC 1918, RFC 4193), shared (RFC 6598),
     * loopback, link-local, multicast, unspecified or reserved. Documentation ranges count as public, because examples
     * use them in the place of public addresses.
     */
    public boolean isPublic() {
        if (isLoopback() || isLinkLocal()) {
            return false;
        }
        if (v6) {
            return (high != 0 || low != 0) && (high >>> 57) != 0x7E && (high >>> 56) != 0xFF;
        }
        long first = low >>> 24;
        return first != 0
                && first != 10
                && first < 224
                && (low >>> 20) != 0xAC1
                && (low >>> 16) != 0xC0A8
                && (low >>> 22) != (0x6440 >>> 6);
    }

    @Override
    public int compareTo(IpAddress other) {
        int family = Boolean.compare(v6, other.v6);
        if (family != 0) {
            return family;
        }
        int first = Long.compareUnsigned(high, other.high);
        return first != 0 ? first : Long.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && v6 == that.v6 && high == that.high && low == that.low;
    }

    @Override
    public int hashCode() {
        long mixed = (high * 31 + low) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32) + (v6 ? 1 : 0);
    }

    /** The canonical text: dotted decimal, or RFC 5952. */
    @Override
    public String toString() {
        return IpText.format(this);
    }
}
