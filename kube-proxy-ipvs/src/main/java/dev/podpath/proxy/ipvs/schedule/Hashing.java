package dev.podpath.proxy.ipvs.schedule;

import dev.podpath.core.net.IpAddress;

/** The hash functions of the schedulers. */
final class Hashing {
    private static final int GOLDEN_RATIO_32 = 0x61C8_8647;

    private Hashing() {}

    /** The 32 bits of an IPv4 address, the four words of an IPv6 address folded into one. */
    static int fold(IpAddress address) {
        if (!address.isV6()) {
            return address.v4Bits();
        }
        long both = address.high() ^ address.low();
        return (int) (both >>> 32) ^ (int) both;
    }

    /** The highest 8 bits of a multiplicative hash (include/linux/hash.h, {@code hash_32}). */
    static int multiplicative(int value) {
        return value * GOLDEN_RATIO_32 >>> 24;
    }

    /**
     * SipHash-1-3 of four bytes, cut to 32 bits, with the same 64 bits as both halves of the key (lib/siphash.c,
     * {@code hsiphash_1u32} on 64-bit machines).
     */
    static int sip13(int value, long key) {
        long v0 = 0x736f_6d65_7073_6575L ^ key;
        long v1 = 0x646f_7261_6e64_6f6dL ^ key;
        long v2 = 0x6c79_6765_6e65_7261L ^ key;
        long v3 = 0x7465_6462_7974_6573L ^ key;
        long block = 4L << 56 | value & 0xFFFF_FFFFL;
        v3 ^= block;
        for (int round = 0; round < 4; round++) {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            if (round == 0) {
                v0 ^= block;
                v2 ^= 0xFF;
            }
        }
        return (int) (v0 ^ v1 ^ v2 ^ v3);
    }
}
