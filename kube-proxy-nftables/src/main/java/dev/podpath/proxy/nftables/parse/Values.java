package dev.podpath.proxy.nftables.parse;

import dev.podpath.core.net.IpAddress;
import dev.podpath.proxy.nftables.rule.DataType;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;

/** Reads values of every type from bytes: single ones, prefixes, ranges. The result stays until the next is read. */
final class Values {
    private final byte[] text;

    /** The range that was read. */
    long firstHigh;

    long firstLow;
    long lastHigh;
    long lastLow;

    private long high;
    private long low;

    Values(byte[] text) {
        this.text = text;
    }

    /** Reads a value, a prefix or a range; false where it is none of this type. */
    boolean range(DataType type, int from, int to) {
        if (type == DataType.IPV4) {
            return v4(from, to);
        }
        if (type == DataType.IFNAME || type == DataType.IFINDEX) {
            return name(from, to);
        }
        int dash = type == DataType.IPV6 ? find('-', from, to) : dash(from, to);
        if (dash > from && single(type, from, dash)) {
            firstHigh = high;
            firstLow = low;
            if (single(type, dash + 1, to)) {
                lastHigh = high;
                lastLow = low;
                return true;
            }
        }
        int slash = find('/', from, to);
        if (slash > 0) {
            long length = decimal(slash + 1, to);
            return length >= 0 && single(type, from, slash) && prefix(type, (int) Math.min(length, 1000));
        }
        if (!single(type, from, to)) {
            return false;
        }
        same();
        return true;
    }

    /** Makes the range the prefix of this length around the value that was read. */
    boolean prefix(DataType type, int length) {
        int bits = type == DataType.IPV6 ? 128 : 32;
        if (length > bits) {
            return false;
        }
        if (type == DataType.IPV6) {
            long maskHigh = length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
            long maskLow = length <= 64 ? 0 : -1L << (128 - length);
            firstHigh = high & maskHigh;
            firstLow = low & maskLow;
            lastHigh = firstHigh | ~maskHigh;
            lastLow = firstLow | ~maskLow;
        } else {
            long mask = length == 0 ? 0 : 0xFFFF_FFFFL << (32 - length) & 0xFFFF_FFFFL;
            firstHigh = 0;
            lastHigh = 0;
            firstLow = low & mask;
            lastLow = firstLow | ~mask & 0xFFFF_FFFFL;
        }
        return true;
    }

    private void same() {
        firstHigh = high;
        firstLow = low;
        lastHigh = high;
        lastLow = low;
    }

    /** Takes a number as the value. */
    boolean number(DataType type, long value) {
        if (value < 0 || type == DataType.IPV4 && value > 0xFFFF_FFFFL || type == DataType.IPV6) {
            return false;
        }
        if (Long.compareUnsigned(value, type.maxLow()) > 0 || type == DataType.OTHER) {
            return false;
        }
        high = 0;
        low = value;
        same();
        return true;
    }

    /** Reads one value, as when it stands alone; its words are {@link #firstHigh} and {@link #firstLow}. */
    boolean value(DataType type, int from, int to) {
        if (type == DataType.IFNAME || type == DataType.IFINDEX) {
            return name(from, to);
        }
        if (!single(type, from, to)) {
            return false;
        }
        same();
        return true;
    }

    private boolean single(DataType type, int from, int to) {
        if (from >= to) {
            return false;
        }
        switch (type) {
            case IPV4 -> {
                long bits = octets(from, to);
                high = 0;
                low = bits;
                return bits >= 0;
            }
            case IPV6 -> {
                Option<IpAddress> address = to - from > 64 ? Option.none() : IpAddress.parse(string(from, to));
                if (address.isEmpty() || !address.get().isV6()) {
                    return false;
                }
                high = address.get().high();
                low = address.get().low();
                return true;
            }
            case OTHER, VERDICT -> {
                return false;
            }
            default -> {
                long number = number(from, to);
                if (number < 0) {
                    Integer symbol = to - from > 32 ? null : type.symbols().get(string(from, to));
                    number = symbol == null ? -1 : symbol;
                }
                high = 0;
                low = number;
                return number >= 0 && Long.compareUnsigned(number, type.maxLow()) <= 0;
            }
        }
    }

    private boolean v4(int from, int to) {
        int at = from;
        long bits = 0;
        long octet = -1;
        int dots = 0;
        while (at < to) {
            int b = text[at];
            if (b >= '0' && b <= '9') {
                octet = octet < 0 ? b - '0' : octet * 10 + (b - '0');
                if (octet > 255) {
                    return false;
                }
            } else if (b == '.' && octet >= 0 && dots < 3) {
                bits = bits << 8 | octet;
                octet = -1;
                dots++;
            } else {
                break;
            }
            at++;
        }
        if (dots != 3 || octet < 0) {
            return false;
        }
        high = 0;
        low = bits << 8 | octet;
        if (at == to) {
            same();
            return true;
        }
        if (text[at] == '/') {
            long length = decimal(at + 1, to);
            return length >= 0 && prefix(DataType.IPV4, (int) Math.min(length, 1000));
        }
        long last = text[at] == '-' ? octets(at + 1, to) : -1;
        if (last < 0) {
            return false;
        }
        firstHigh = 0;
        firstLow = low;
        lastHigh = 0;
        lastLow = last;
        return true;
    }

    private long octets(int from, int to) {
        long bits = 0;
        int octet = -1;
        int dots = 0;
        for (int at = from; at < to; at++) {
            int b = text[at];
            if (b >= '0' && b <= '9') {
                octet = octet < 0 ? b - '0' : octet * 10 + (b - '0');
                if (octet > 255) {
                    return -1;
                }
            } else if (b == '.' && octet >= 0 && dots < 3) {
                bits = bits << 8 | octet;
                octet = -1;
                dots++;
            } else {
                return -1;
            }
        }
        return dots == 3 && octet >= 0 ? bits << 8 | octet : -1;
    }

    /** The bytes of an interface's name, the most significant first; a star at the end stands for anything. */
    private boolean name(int from, int to) {
        boolean wild = to > from && text[to - 1] == '*' && (to - from < 2 || text[to - 2] != '\\');
        int end = wild ? to - 1 : to;
        int length = end - from;
        if (length > 16 || length == 0 && !wild) {
            return false;
        }
        high = 0;
        low = 0;
        for (int i = 0; i < length; i++) {
            long b = text[from + i] & 0xFFL;
            if (i < 8) {
                high |= b << (56 - 8 * i);
            } else {
                low |= b << (120 - 8 * i);
            }
        }
        same();
        if (wild) {
            lastHigh = length >= 8 ? high : high | -1L >>> (8 * length);
            lastLow = length < 8 ? -1L : length == 16 ? low : low | -1L >>> (8 * (length - 8));
        }
        return true;
    }

    /** A number in decimal or after 0x, or -1. */
    long number(int from, int to) {
        if (to - from > 2 && text[from] == '0' && text[from + 1] == 'x') {
            long sum = 0;
            for (int i = from + 2; i < to; i++) {
                int digit = Character.digit(text[i], 16);
                if (digit < 0 || sum >>> 56 != 0) {
                    return -1;
                }
                sum = sum << 4 | digit;
            }
            return sum;
        }
        return decimal(from, to);
    }

    /** A number in decimal, or -1. */
    long decimal(int from, int to) {
        if (from >= to || to - from > 17) {
            return -1;
        }
        long sum = 0;
        for (int i = from; i < to; i++) {
            int b = text[i];
            if (b < '0' || b > '9') {
                return -1;
            }
            sum = sum * 10 + (b - '0');
        }
        return sum;
    }

    /** A time such as {@code 3h} or {@code 1h5m} or {@code 10800s} in seconds, or -1. */
    long seconds(int from, int to) {
        long total = 0;
        int at = from;
        while (at < to) {
            int digits = at;
            while (at < to && text[at] >= '0' && text[at] <= '9') {
                at++;
            }
            int unit = at;
            while (at < to && text[at] >= 'a' && text[at] <= 'z') {
                at++;
            }
            long number = decimal(digits, unit);
            long factor = factor(unit, at);
            if (number < 0 || factor < 0 || number > 1_000_000_000_000L) {
                return -1;
            }
            total += unit + 2 == at ? number / 1000 : number * factor;
        }
        return from == to ? -1 : total;
    }

    private long factor(int from, int to) {
        if (to - from == 2) {
            return text[from] == 'm' && text[from + 1] == 's' ? 0 : -1;
        }
        if (from == to) {
            return 1;
        }
        return to - from != 1
                ? -1
                : switch (text[from]) {
                    case 's' -> 1;
                    case 'm' -> 60;
                    case 'h' -> 3_600;
                    case 'd' -> 86_400;
                    case 'w' -> 604_800;
                    default -> -1;
                };
    }

    /** The dash between two numbers or names; symbols have dashes too, so a name that is known goes first. */
    private int dash(int from, int to) {
        int dash = find('-', from, to);
        return dash > from && (text[from] >= '0' && text[from] <= '9') ? dash : -1;
    }

    private int find(char sign, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == sign) {
                return i;
            }
        }
        return -1;
    }

    private String string(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }
}
