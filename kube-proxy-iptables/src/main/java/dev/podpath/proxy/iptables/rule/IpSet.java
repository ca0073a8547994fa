package dev.podpath.proxy.iptables.rule;

import io.vavr.control.Option;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A set of {@code ipset}. Elements are rows of words in one array, found by an open-addressing hash; sets with networks
 * are asked once per prefix length that occurs, the longest first, and the first hit decides, as in
 * net/netfilter/ipset/ip_set_hash_gen.h.
 */
public final class IpSet {
    /** What the parts of an element are. */
    public enum Part {
        /** An address. */
        IP,
        /** A network. */
        NET,
        /** A protocol and a port; in {@code bitmap:port} the port alone. */
        PORT,
        /** An interface. */
        IFACE,
        /** The mark of the packet. */
        MARK
    }

    static final int NOMATCH = 1;

    private final String name;
    private final String type;
    private final boolean v6;
    private final int line;
    private final Part[] parts;
    private final Option<String> unknown;
    private final boolean portOnly;
    private final int networks;
    private final long[] words;
    private final int stride;
    private final int count;
    private final int[] elementLine;
    private final int[] slots;
    private final int[] lengths;

    IpSet(
            String name,
            String type,
            boolean v6,
            int line,
            Part[] parts,
            Option<String> unknown,
            long[] words,
            int count,
            int[] elementLine) {
        this.name = name;
        this.type = type;
        this.v6 = v6;
        this.line = line;
        this.parts = parts;
        this.unknown = unknown;
        this.portOnly = type.startsWith("bitmap:port");
        this.networks =
                (int) Arrays.stream(parts).filter(part -> part == Part.NET).count();
        this.words = words;
        this.stride = stride(parts.length);
        this.count = count;
        this.elementLine = elementLine;
        this.slots = new int[Integer.highestOneBit(Math.max(4, count) * 2 - 1) * 2];
        for (int i = 0; i < count; i++) {
            int slot = slot(words, i * stride);
            while (slots[slot] != 0 && !sameKey(words, (slots[slot] - 1) * stride, i * stride)) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = i + 1;
        }
        this.lengths = lengths();
    }

    /** Words of an element: two for each part, and one for flags and prefix lengths. */
    static int stride(int parts) {
        return 2 * parts + 1;
    }

    /** Name of the set. */
    public String name() {
        return name;
    }

    /** Type as {@code ipset} names it, such as {@code hash:ip,port}. */
    public String type() {
        return type;
    }

    /** Whether its addresses are IPv6; false for sets without addresses. */
    public boolean isV6() {
        return v6;
    }

    /** One-based line that creates it. */
    public int line() {
        return line;
    }

    /** Why membership cannot be told; empty where it can. */
    public Option<String> unknown() {
        return unknown;
    }

    /** Number of elements. */
    public int size() {
        return count;
    }

    /** The parts of an element. */
    public Part[] parts() {
        return parts.clone();
    }

    /** One-based line of an element. */
    public int elementLine(int element) {
        return elementLine[element];
    }

    /** Whether the set has addresses of a family; sets of ports alone serve both. */
    public boolean serves(boolean family6) {
        return portOnly || v6 == family6;
    }

    /** The first eight bytes of the name of an interface. The kernel's names have at most 15. */
    public static long interfaceHigh(String interfaceName) {
        return packed(interfaceName, 0);
    }

    /** The bytes of the name of an interface from the ninth. */
    public static long interfaceLow(String interfaceName) {
        return packed(interfaceName, 8);
    }

    private static long packed(String text, int from) {
        long word = 0;
        for (int i = from; i < from + 8; i++) {
            word = word << 8 | (i < text.length() ? text.charAt(i) & 255 : 0);
        }
        return word;
    }

    /**
     * The element that decides for these values, or -1 where none does.
     *
     * @param values two words for each part: the address; protocol and port as {@code protocol << 16 | port} in the
     *     second; the name of the interface as {@link #interfaceHigh} and {@link #interfaceLow} have it; the mark in
     *     the second
     */
    public int find(long[] values) {
        long[] key = new long[stride];
        if (lengths.length == 0) {
            fill(key, values, 0);
            return lookup(key);
        }
        for (int length : lengths) {
            fill(key, values, length);
            int found = lookup(key);
            if (found >= 0) {
                return (words[found * stride + stride - 1] & NOMATCH) != 0 ? -1 : found;
            }
        }
        return -1;
    }

    private void fill(long[] key, long[] values, int packed) {
        long lengthBits = 0;
        int shift = 8;
        for (int i = 0; i < parts.length; i++) {
            long high = values[2 * i];
            long low = values[2 * i + 1];
            if (parts[i] == Part.NET) {
                int length = shift == 8 ? packed >>> 8 : packed & 255;
                high &= Addresses.maskHigh(length, v6);
                low &= Addresses.maskLow(length, v6);
                lengthBits |= (long) length << shift;
                shift += 8;
            } else if (parts[i] == Part.PORT && portOnly) {
                low &= 0xFFFF;
            }
            key[2 * i] = high;
            key[2 * i + 1] = low;
        }
        key[stride - 1] = lengthBits;
    }

    private int lookup(long[] key) {
        int slot = slot(key, 0);
        while (slots[slot] != 0) {
            int element = slots[slot] - 1;
            if (equal(key, element * stride)) {
                return element;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return -1;
    }

    private boolean equal(long[] key, int at) {
        for (int i = 0; i < stride - 1; i++) {
            if (key[i] != words[at + i]) {
                return false;
            }
        }
        return (key[stride - 1] & ~255L) == (words[at + stride - 1] & ~255L);
    }

    private boolean sameKey(long[] array, int one, int other) {
        for (int i = 0; i < stride - 1; i++) {
            if (array[one + i] != array[other + i]) {
                return false;
            }
        }
        return (array[one + stride - 1] & ~255L) == (array[other + stride - 1] & ~255L);
    }

    private int slot(long[] array, int at) {
        long mixed = 0;
        for (int i = 0; i < stride - 1; i++) {
            mixed = (mixed ^ array[at + i]) * 0x9E37_79B9_7F4A_7C15L;
            mixed ^= mixed >>> 29;
        }
        mixed = (mixed ^ (array[at + stride - 1] & ~255L)) * 0xC2B2_AE3D_27D4_EB4FL;
        return (int) (mixed >>> 32) & (slots.length - 1);
    }

    /** The combinations of prefix lengths that occur, packed with 8 bits for each network, longest first. */
    private int[] lengths() {
        if (networks == 0) {
            return new int[0];
        }
        BitSet found = new BitSet();
        for (int i = 0; i < count; i++) {
            found.set(packedLengths(i));
        }
        int[] sorted = found.stream().toArray();
        int distinct = sorted.length;
        for (int i = 0; i < distinct / 2; i++) {
            int swap = sorted[i];
            sorted[i] = sorted[distinct - 1 - i];
            sorted[distinct - 1 - i] = swap;
        }
        return sorted.length == 0 ? new int[] {0} : sorted;
    }

    /** A word of an element, for readers of whole sets: two for each part. */
    public long word(int element, int index) {
        return words[element * stride + index];
    }

    /** Length of the network a part of an element is; the number of bits of an address where it is none. */
    public int prefixLength(int element, int part) {
        if (parts[part] != Part.NET) {
            return v6 ? 128 : 32;
        }
        boolean second = part > 0 && Arrays.asList(parts).indexOf(Part.NET) < part;
        int packed = packedLengths(element);
        return second ? packed & 255 : packed >>> 8;
    }

    /** Lengths of the networks of an element, the first one's above the second one's, as the kernel goes over them. */
    private int packedLengths(int element) {
        int written = (int) (words[element * stride + stride - 1] >>> 8 & 0xFFFF);
        return networks == 2 ? (written & 255) << 8 | written >>> 8 : written << 8;
    }
}
