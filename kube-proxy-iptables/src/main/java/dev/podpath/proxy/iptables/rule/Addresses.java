package dev.podpath.proxy.iptables.rule;

import dev.podpath.core.net.IpAddress;

/** Addresses as words of instructions. */
public final class Addresses {
    private Addresses() {}

    /** Two words as one, the first in the upper half. */
    public static long join(int[] code, int at) {
        return (long) code[at] << 32 | code[at + 1] & 0xFFFF_FFFFL;
    }

    /** The address whose words begin here. */
    public static IpAddress at(int[] code, int at, boolean v6) {
        return v6 ? IpAddress.v6(join(code, at), join(code, at + 2)) : IpAddress.v4(code[at]);
    }

    /** The first 64 bits of the address whose words begin here; 0 for IPv4. */
    public static long high(int[] code, int at, boolean v6) {
        return v6 ? join(code, at) : 0;
    }

    /** The last 64 bits of the address whose words begin here; all 32 of IPv4. */
    public static long low(int[] code, int at, boolean v6) {
        return v6 ? join(code, at + 2) : code[at] & 0xFFFF_FFFFL;
    }

    /** The first 64 bits of the mask of a prefix; 0 for IPv4. */
    public static long maskHigh(int length, boolean v6) {
        return !v6 || length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
    }

    /** The last 64 bits of the mask of a prefix. */
    public static long maskLow(int length, boolean v6) {
        if (!v6) {
            return length == 0 ? 0 : 0xFFFF_FFFFL << (32 - length) & 0xFFFF_FFFFL;
        }
        return length <= 64 ? 0 : -1L << (128 - length);
    }
}
