package dev.podpath.proxy.nftables.rule;

import dev.podpath.core.net.IpAddress;

/** Values as nft writes them. */
final class Printed {
    private Printed() {}

    /** A single value. */
    static String value(DataType type, long high, long low) {
        return switch (type) {
            case IPV4 -> IpAddress.v4((int) low).toString();
            case IPV6 -> IpAddress.v6(high, low).toString();
            case MARK -> "0x" + Long.toHexString(low);
            case IFNAME, IFINDEX -> name(high, low);
            case CT_STATE, CT_STATUS, TCP_FLAG ->
                Long.bitCount(low) == 1 ? Symbols.name(type.symbols(), (int) low) : "0x" + Long.toHexString(low);
            case ADDRESS_TYPE, NFPROTO, CT_DIRECTION -> Symbols.name(type.symbols(), (int) low);
            default -> Long.toUnsignedString(low);
        };
    }

    /** A value, a prefix or a range. */
    static String range(DataType type, long firstHigh, long firstLow, long lastHigh, long lastLow) {
        if (firstHigh == lastHigh && firstLow == lastLow) {
            return value(type, firstHigh, firstLow);
        }
        if (type == DataType.IFNAME || type == DataType.IFINDEX) {
            String name = bytes(firstHigh, firstLow);
            return "\"" + name + "*\"";
        }
        if (type == DataType.IPV4 || type == DataType.IPV6) {
            int length = prefix(type, firstHigh, firstLow, lastHigh, lastLow);
            if (length >= 0) {
                return value(type, firstHigh, firstLow) + "/" + length;
            }
        }
        return value(type, firstHigh, firstLow) + "-" + value(type, lastHigh, lastLow);
    }

    /** The length of the prefix a range is; -1 where it is none. */
    private static int prefix(DataType type, long firstHigh, long firstLow, long lastHigh, long lastLow) {
        long differHigh = firstHigh ^ lastHigh;
        long differLow = firstLow ^ lastLow;
        boolean blocks = (firstHigh & differHigh) == 0 && (firstLow & differLow) == 0;
        boolean lowOnes = (differLow & differLow + 1) == 0;
        boolean highOnes = (differHigh & differHigh + 1) == 0;
        if (!blocks || !lowOnes || !highOnes || differHigh != 0 && differLow != -1L) {
            return -1;
        }
        int bits = Long.bitCount(differHigh) + Long.bitCount(differLow);
        return (type == DataType.IPV6 ? 128 : 32) - bits;
    }

    private static String name(long high, long low) {
        String name = bytes(high, low);
        return !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9') ? name : "\"" + name + "\"";
    }

    private static String bytes(long high, long low) {
        StringBuilder out = new StringBuilder(16);
        for (int i = 0; i < 16; i++) {
            long b = (i < 8 ? high >>> (56 - 8 * i) : low >>> (120 - 8 * i)) & 0xFF;
            if (b == 0) {
                break;
            }
            out.append((char) b);
        }
        return out.toString();
    }
}
