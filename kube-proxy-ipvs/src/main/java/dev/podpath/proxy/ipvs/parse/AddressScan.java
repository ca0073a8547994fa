package dev.podpath.proxy.ipvs.parse;

/**
 * Reads the addresses of IPVS tables: {@code 10.0.0.1:80}, {@code [fd00::1]:80}, in procfs {@code 0A000001:0050} and
 * {@code [fd00:0000:…]:0050}. What was read stands in the fields until the next call.
 */
final class AddressScan {
    long high;
    long low;
    boolean v6;
    /** The port; -1 where none is written. */
    int port;

    private int at;

    /** Reads an address and a port; false where the text is not one. */
    boolean read(byte[] text, int from, int to, boolean hex) {
        port = -1;
        if (from < to && text[from] == '[') {
            int close = from + 1;
            while (close < to && text[close] != ']') {
                close++;
            }
            return close < to
                    && readV6(text, from + 1, close)
                    && (close + 1 == to && !hex || readPort(text, close + 1, to, hex));
        }
        return hex ? readHexV4(text, from, to) : readV4(text, from, to) && (at == to || readPort(text, at, to, false));
    }

    /** Reads an address without a port; false where the text is not one. */
    boolean readBare(byte[] text, int from, int to, boolean hex) {
        port = -1;
        if (hex && to - from == 8) {
            return hexV4(text, from, to);
        }
        for (int i = from; i < to; i++) {
            if (text[i] == ':') {
                return readV6(text, from, to);
            }
        }
        return readV4(text, from, to) && at == to;
    }

    private boolean readPort(byte[] text, int from, int to, boolean hex) {
        if (from >= to || text[from] != ':' || to - from > 6) {
            return false;
        }
        long value = hex ? Numbers.hex(text, from + 1, to) : Numbers.unsigned(text, from + 1, to);
        port = (int) value;
        return value >= 0 && value <= 65535;
    }

    private boolean readHexV4(byte[] text, int from, int to) {
        return to - from > 9 && hexV4(text, from, from + 8) && readPort(text, from + 8, to, true);
    }

    private boolean hexV4(byte[] text, int from, int to) {
        low = Numbers.hex(text, from, to);
        high = 0;
        v6 = false;
        return low >= 0;
    }

    /** Reads four octets; {@link #at} is behind them. */
    private boolean readV4(byte[] text, int from, int to) {
        long bits = 0;
        int i = from;
        for (int octet = 0; octet < 4; octet++) {
            int start = i;
            int value = 0;
            while (i < to && text[i] >= '0' && text[i] <= '9' && i - start < 4) {
                value = value * 10 + text[i] - '0';
                i++;
            }
            boolean leadingZero = i - start > 1 && text[start] == '0';
            if (i == start || value > 255 || leadingZero) {
                return false;
            }
            bits = bits << 8 | value;
            if (octet < 3) {
                if (i >= to || text[i] != '.') {
                    return false;
                }
                i++;
            }
        }
        low = bits;
        high = 0;
        v6 = false;
        at = i;
        return true;
    }

    /** Reads an IPv6 address (RFC 4291 section 2.2) that is the whole range. */
    private boolean readV6(byte[] text, int from, int to) {
        long before = 0;
        long beforeLow = 0;
        int count = 0;
        int gap = -1;
        int i = from;
        if (to - from < 2 || to - from > 45) {
            return false;
        }
        if (text[i] == ':') {
            if (text[i + 1] != ':') {
                return false;
            }
            gap = 0;
            i += 2;
        }
        while (i < to) {
            int start = i;
            int value = 0;
            int digit;
            while (i < to && (digit = Numbers.hexDigit(text[i])) >= 0 && i - start < 5) {
                value = value << 4 | digit;
                i++;
            }
            if (i < to && text[i] == '.') {
                if (count > 6 || !readV4(text, start, to) || at != to) {
                    return false;
                }
                before = before << 32 | beforeLow >>> 32;
                beforeLow = beforeLow << 32 | low;
                count += 2;
                break;
            }
            if (i == start || i - start > 4 || count == 8) {
                return false;
            }
            before = before << 16 | beforeLow >>> 48;
            beforeLow = beforeLow << 16 | value;
            count++;
            if (i == to) {
                break;
            }
            if (text[i] != ':' || i + 1 == to) {
                return false;
            }
            i++;
            if (text[i] == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = count;
                i++;
            }
        }
        if (gap < 0 ? count != 8 : count > 7) {
            return false;
        }
        spread(before, beforeLow, gap < 0 ? 0 : count - gap, gap < 0 ? 0 : 8 - count);
        return true;
    }

    /** Puts a gap of zero groups before the last groups of the 128 bits read so far. */
    private void spread(long first, long second, int behind, int zeros) {
        v6 = true;
        if (zeros == 0) {
            high = first;
            low = second;
            return;
        }
        int tail = behind * 16;
        long tailHigh = tail <= 64 ? 0 : first & (-1L >>> (128 - tail));
        long tailLow = tail == 0 ? 0 : tail >= 64 ? second : second & (-1L >>> (64 - tail));
        long headHigh = first & ~tailHigh;
        long headLow = tail == 0 ? second : tail >= 64 ? 0 : second & -1L << tail;
        int shift = zeros * 16;
        if (shift >= 128) {
            headHigh = 0;
            headLow = 0;
        } else if (shift >= 64) {
            headHigh = shift == 64 ? headLow : headLow << (shift - 64);
            headLow = 0;
        } else {
            headHigh = headHigh << shift | headLow >>> (64 - shift);
            headLow = headLow << shift;
        }
        high = headHigh | tailHigh;
        low = headLow | tailLow;
    }
}
