package dev.podpath.core.net;

import io.vavr.control.Option;

/**
 * An address prefix (CIDR block, RFC 4632). Host bits are cleared on construction, as {@code iptables} does.
 *
 * @param address the first address of the block
 * @param length number of leading bits that are fixed, 0 to 32 or 0 to 128
 */
public record IpPrefix(IpAddress address, int length) {
    /** Clears the host bits. */
    public IpPrefix {
        if (length < 0 || length > address.bits()) {
            throw new IllegalArgumentException("prefix length " + length + " of a " + address.bits() + "-bit address");
        }
        address = mask(address, length);
    }

    /** Reads {@code 10.0.0.0/8}, {@code fd00::/8} or a bare address, which stands for itself alone. */
    public static Option<IpPrefix> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return IpAddress.parse(text).map(IpPrefix::host);
        }
        String digits = text.substring(slash + 1);
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Option.none();
        }
        int length = Integer.parseInt(digits);
        return IpAddress.parse(text.substring(0, slash))
                .filter(address -> length <= address.bits())
                .map(address -> new IpPrefix(address, length));
    }

    /**
     * Reads a prefix that is known to be one.
     *
     * @throws IllegalArgumentException where the text is no prefix
     */
    public static IpPrefix of(String text) {
        return parse(text).getOrElseThrow(() -> new IllegalArgumentException("not an address prefix: " + text));
    }

    /** The prefix that holds just this address. */
    public static IpPrefix host(IpAddress address) {
        return new IpPrefix(address, address.bits());
    }

    /** Whether the address is of this family and inside the block. */
    public boolean contains(IpAddress candidate) {
        return candidate.isV6() == address.isV6() && mask(candidate, length).equals(address);
    }

    /** Whether every address of the other block is inside this one. */
    public boolean contains(IpPrefix other) {
        return other.length >= length && contains(other.address);
    }

    /** The last address of the block. */
    public IpAddress last() {
        int host = address.bits() - length;
        if (!address.isV6()) {
            return IpAddress.v4(address.v4Bits() | (host == 0 ? 0 : -1 >>> (32 - host)));
        }
        long high = host <= 64 ? address.high() : address.high() | -1L >>> (128 - host);
        long low = host == 0 ? address.low() : host >= 64 ? -1L : address.low() | -1L >>> (64 - host);
        return IpAddress.v6(high, low);
    }

    private static IpAddress mask(IpAddress address, int length) {
        if (!address.isV6()) {
            return IpAddress.v4(length == 0 ? 0 : address.v4Bits() & -1 << (32 - length));
        }
        long high = length >= 64 ? address.high() : length == 0 ? 0 : address.high() & -1L << (64 - length);
        long low = length <= 64 ? 0 : length == 128 ? address.low() : address.low() & -1L << (128 - length);
        return IpAddress.v6(high, low);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
