package dev.podpath.proxy.iptables.parse;

import dev.podpath.core.net.IpAddress;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;

/** Numbers, ports and addresses between two places of a text; what is none of them gives -1. */
final class Scan {
    private Scan() {}

    /** The place of a byte, or {@code to}. */
    static int find(byte[] text, int from, int to, char wanted) {
        int at = from;
        while (at < to && text[at] != wanted) {
            at++;
        }
        return at;
    }

    /** A decimal number up to this bound. */
    static long decimal(byte[] text, int from, int to, long max) {
        if (from >= to || to - from > 18) {
            return -1;
        }
        long value = 0;
        for (int at = from; at < to; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value <= max ? value : -1;
    }

    /** A number of 32 bits, decimal or with {@code 0x}. */
    static long word(byte[] text, int from, int to) {
        if (to - from > 2 && text[from] == '0' && (text[from + 1] == 'x' || text[from + 1] == 'X')) {
            if (to - from > 18) {
                return -1;
            }
            long value = 0;
            for (int at = from + 2; at < to; at++) {
                int digit = Character.digit(text[at], 16);
                if (digit < 0) {
                    return -1;
                }
                value = value << 4 | digit;
                if (value > 0xFFFF_FFFFL) {
                    return -1;
                }
            }
            return value;
        }
        return decimal(text, from, to, 0xFFFF_FFFFL);
    }

    /** A port or a range {@code a:b}; the first in the upper half. Either end may be left out. */
    static long ports(byte[] text, int from, int to, char separator) {
        int colon = find(text, from, to, separator);
        if (colon == to) {
            long port = decimal(text, from, to, 65535);
            return port < 0 ? -1 : port << 16 | port;
        }
        long first = colon == from ? 0 : decimal(text, from, colon, 65535);
        long last = colon + 1 == to ? 65535 : decimal(text, colon + 1, to, 65535);
        return first < 0 || last < 0 || first > last ? -1 : first << 16 | last;
    }

    /** The 32 bits of an IPv4 address in four decimal octets. */
    static long v4(byte[] text, int from, int to) {
        long bits = 0;
        int at = from;
        for (int octet = 0; octet < 4; octet++) {
            int start = at;
            int value = 0;
            while (at < to && text[at] >= '0' && text[at] <= '9' && at - start < 4) {
                value = value * 10 + text[at] - '0';
                at++;
            }
            if (at == start || at - start > 3 || value > 255) {
                return -1;
            }
            bits = bits << 8 | value;
            if (octet < 3) {
                if (at >= to || text[at] != '.') {
                    return -1;
                }
                at++;
            }
        }
        return at == to ? bits : -1;
    }

    /** An IPv6 address. */
    static Option<IpAddress> v6(byte[] text, int from, int to) {
        return to - from > 45
                ? Option.none()
                : IpAddress.parse(string(text, from, to)).filter(IpAddress::isV6);
    }

    /** A part of the text. */
    static String string(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }

    /**
     * How many of 2^31 random numbers a probability stands for: {@code lround(p * 2^31)}, as
     * extensions/libxt_statistic.c computes it.
     */
    static long probability(byte[] text, int from, int to) {
        long digits = 0;
        int scale = 0;
        boolean point = false;
        int seen = 0;
        for (int at = from; at < to; at++) {
            byte b = text[at];
            if (b == '.' && !point) {
                point = true;
            } else if (b >= '0' && b <= '9') {
                seen++;
                if (digits < 100_000_000_000_000L) {
                    digits = digits * 10 + b - '0';
                    scale += point ? 1 : 0;
                } else if (!point) {
                    return -1;
                }
            } else {
                return -1;
            }
        }
        if (seen == 0) {
            return -1;
        }
        // Both operands are exact doubles, so the quotient is the nearest double, which is what strtod yields.
        double value = digits / Math.pow(10, scale);
        return value > 1 ? -1 : (long) Math.floor(value * 0x1p31 + 0.5);
    }
}
