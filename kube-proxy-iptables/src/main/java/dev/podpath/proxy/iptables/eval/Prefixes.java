package dev.podpath.proxy.iptables.eval;

import dev.podpath.proxy.iptables.rule.Addresses;

/** First and last address of prefixes. */
final class Prefixes {
    private Prefixes() {}

    static long lastHigh(long high, int length, boolean v6) {
        return v6 ? high | ~Addresses.maskHigh(length, true) : 0;
    }

    static long lastLow(long low, int length, boolean v6) {
        long host = ~Addresses.maskLow(length, v6);
        return low | (v6 ? host : host & 0xFFFF_FFFFL);
    }

    static void cut(Cuts.Builder builder, long high, long low, int length, boolean v6) {
        builder.range(high, low, lastHigh(high, length, v6), lastLow(low, length, v6));
    }
}
