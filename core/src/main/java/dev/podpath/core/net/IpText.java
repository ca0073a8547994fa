package dev.podpath.core.net;

import io.vavr.control.Option;

/** Reading and writing of addresses as text. */
final class IpText {
    private IpText() {}

    static Option<IpAddress> parse(CharSequence text) {
        int length = text.length();
        if (length < 2 || length > 45) {
            return Option.none();
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) == ':') {
                return parseV6(text);
            }
        }
        long bits = parseV4(text, 0, length);
        return bits < 0 ? Option.none() : Option.some(IpAddress.v4((int) bits));
    }

    /** The 32 bits, or -1. */
    private static long parseV4(CharSequence text, int from, int to) {
        long bits = 0;
        int octets = 0;
        int i = from;
        while (true) {
            int start = i;
            int value = 0;
            while (i < to && isDigit(text.charAt(i))) {
                value = value * 10 + (text.charAt(i) - '0');
                i++;
                if (i - start > 3) {
                    return -1;
                }
            }
            boolean leadingZero = i - start > 1 && text.charAt(start) == '0';
            if (i == start || value > 255 || leadingZero) {
                return -1;
            }
            bits = bits << 8 | value;
            octets++;
            if (octets == 4) {
                return i == to ? bits : -1;
            }
            if (i >= to || text.charAt(i) != '.') {
                return -1;
            }
            i++;
        }
    }

    private static Option<IpAddress> parseV6(CharSequence text) {
        int[] groups = new int[8];
        int count = 0;
        int gap = -1;
        int i = 0;
        int length = text.length();
        if (text.charAt(0) == ':') {
            if (text.charAt(1) != ':') {
                return Option.none();
            }
            gap = 0;
            i = 2;
        }
        while (i < length) {
            if (count == 8) {
                return Option.none();
            }
            int start = i;
            int value = 0;
            while (i < length && Character.digit(text.charAt(i), 16) >= 0 && text.charAt(i) < 128) {
                value = value << 4 | Character.digit(text.charAt(i), 16);
                i++;
                if (i - start > 4) {
                    return Option.none();
                }
            }
            if (i < length && text.charAt(i) == '.') {
                long tail = parseV4(text, start, length);
                if (tail < 0 || count > 6) {
                    return Option.none();
                }
                groups[count++] = (int) (tail >>> 16);
                groups[count++] = (int) (tail & 0xFFFF);
                i = length;
                break;
            }
            if (i == start) {
                return Option.none();
            }
            groups[count++] = value;
            if (i == length) {
                break;
            }
            if (text.charAt(i) != ':') {
                return Option.none();
            }
            i++;
            if (i == length) {
                return Option.none();
            }
            if (text.charAt(i) == ':') {
                if (gap >= 0) {
                    return Option.none();
                }
                gap = count;
                i++;
            }
        }
        if (gap < 0 ? count != 8 : count > 7) {
            return Option.none();
        }
        int[] full = new int[8];
        if (gap < 0) {
            full = groups;
        } else {
            System.arraycopy(groups, 0, full, 0, gap);
            System.arraycopy(groups, gap, full, 8 - (count - gap), count - gap);
        }
        long high = 0;
        long low = 0;
        for (int k = 0; k < 4; k++) {
            high = high << 16 | full[k];
            low = low << 16 | full[k + 4];
        }
        return Option.some(IpAddress.v6(high, low));
    }

    static String format(IpAddress address) {
        if (!address.isV6()) {
            int bits = address.v4Bits();
            return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
        }
        boolean mapped = address.high() == 0 && address.low() >>> 32 == 0xFFFF;
        if (mapped) {
            return "::ffff:" + format(IpAddress.v4(address.v4Bits()));
        }
        int[] groups = new int[8];
        for (int k = 0; k < 4; k++) {
            groups[k] = (int) (address.high() >>> (48 - 16 * k)) & 0xFFFF;
            groups[k + 4] = (int) (address.low() >>> (48 - 16 * k)) & 0xFFFF;
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int k = 0; k < 8; ) {
            int end = k;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - k > bestLength) {
                bestStart = k;
                bestLength = end - k;
            }
            k = Math.max(end, k + 1);
        }
        StringBuilder out = new StringBuilder(39);
        for (int k = 0; k < 8; k++) {
            if (k == bestStart) {
                out.append("::");
                k += bestLength - 1;
                continue;
            }
            if (out.length() > 0 && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(Integer.toHexString(groups[k]));
        }
        return out.toString();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
