package dev.podpath.proxy.ipvs.parse;

/** Numbers in text. */
final class Numbers {
    private Numbers() {}

    /** A decimal number from 0 to 2^31-1, or -1. */
    static int decimal(byte[] text, int from, int to) {
        long value = unsigned(text, from, to);
        return value > Integer.MAX_VALUE ? -1 : (int) value;
    }

    /** A decimal number from 0 to 2^32-1, or -1. */
    static long unsigned(byte[] text, int from, int to) {
        if (to <= from || to - from > 10) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value > 0xFFFF_FFFFL ? -1 : value;
    }

    /** A hexadecimal number of one to eight digits, or -1. */
    static long hex(byte[] text, int from, int to) {
        if (to <= from || to - from > 8) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = hexDigit(text[i]);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    static int hexDigit(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
