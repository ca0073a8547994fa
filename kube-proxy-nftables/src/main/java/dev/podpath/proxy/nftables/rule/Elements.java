package dev.podpath.proxy.nftables.rule;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Elements of a set or map. An element is a row of ranges, one for each field of the key; a row of single values is found by
 * hash, ranges of one field by bisection, rows with ranges one after another as the kernel's sets of concatenations are
 * listed (net/netfilter/nft_set_hash.c, nft_set_rbtree.c, nft_set_pipapo.c).
 */
public final class Elements implements Content {
    /** No elements. */
    public static final Elements NONE = new Elements(1, 0, new long[0], null, null, 0, new long[0], new int[0], -1);

    private static final int FEW = 8;

    private final int width;
    private final int size;
    private final long[] first;
    private final long @Nullable [] last;
    private final int @Nullable [] verdicts;
    private final int dataWidth;
    private final long[] data;
    private final int[] places;
    private final int otherwise;
    private final int @Nullable [] slots;
    private final int @Nullable [] sorted;

    /** See {@link ElementsBuilder}. */
    Elements(
            int width,
            int size,
            long[] first,
            long @Nullable [] last,
            int @Nullable [] verdicts,
            int dataWidth,
            long[] data,
            int[] places,
            int otherwise) {
        this.width = width;
        this.size = size;
        this.first = first;
        this.last = last;
        this.verdicts = verdicts;
        this.dataWidth = dataWidth;
        this.data = data;
        this.places = places;
        this.otherwise = otherwise;
        this.slots = last == null && size > FEW ? hash() : null;
        this.sorted = last != null && width == 1 && size > FEW ? sort() : null;
    }

    @Override
    public Elements elements() {
        return this;
    }

    /** How many fields a key has. */
    public int width() {
        return width;
    }

    /** How many elements there are. */
    public int size() {
        return size;
    }

    /** Whether every element is a row of single values. */
    public boolean isExact() {
        return last == null;
    }

    /** Lowest value of a field, first word. */
    public long firstHigh(int element, int field) {
        return first[2 * (element * width + field)];
    }

    /** Lowest value of a field, second word. */
    public long firstLow(int element, int field) {
        return first[2 * (element * width + field) + 1];
    }

    /** Highest value of a field, first word. */
    public long lastHigh(int element, int field) {
        return (last == null ? first : last)[2 * (element * width + field)];
    }

    /** Highest value of a field, second word. */
    public long lastLow(int element, int field) {
        return (last == null ? first : last)[2 * (element * width + field) + 1];
    }

    /** Whether a field of an element is a single value. */
    public boolean isSingle(int element, int field) {
        return firstHigh(element, field) == lastHigh(element, field)
                && firstLow(element, field) == lastLow(element, field);
    }

    /** Whether the elements lead to verdicts. */
    public boolean isVerdictMap() {
        return verdicts != null;
    }

    /** What to do where an element matches, as {@link Verdict} packs it. */
    public int verdict(int element) {
        return verdicts == null ? Verdict.CONTINUE : verdicts[element];
    }

    /** How many fields the value of an element has; 0 where the elements have none. */
    public int dataWidth() {
        return dataWidth;
    }

    /** A field of an element's value, first word. */
    public long dataHigh(int element, int field) {
        return data[2 * (element * dataWidth + field)];
    }

    /** A field of an element's value, second word. */
    public long dataLow(int element, int field) {
        return data[2 * (element * dataWidth + field) + 1];
    }

    /** Where in the document an element begins; -1 where that is not kept. */
    public int place(int element) {
        return element < places.length ? places[element] : -1;
    }

    /** The element for keys that no other element has; -1 where there is none. */
    public int otherwise() {
        return otherwise;
    }

    /** The element that a key of one field is in, or {@link #otherwise()}. */
    public int find(long high, long low) {
        if (slots != null) {
            return found(probe(slots, high, low));
        }
        if (sorted != null) {
            return found(bisect(sorted, high, low));
        }
        for (int i = 0; i < size; i++) {
            if (i != otherwise && contains(i, 0, high, low)) {
                return i;
            }
        }
        return otherwise;
    }

    /** The element that a key is in, or {@link #otherwise()}; two words for each field. */
    public int find(long[] key) {
        if (width == 1) {
            return find(key[0], key[1]);
        }
        if (slots != null) {
            return found(probe(slots, key));
        }
        for (int i = 0; i < size; i++) {
            if (i != otherwise && contains(i, key)) {
                return i;
            }
        }
        return otherwise;
    }

    private int found(int element) {
        return element < 0 ? otherwise : element;
    }

    private boolean contains(int element, long[] key) {
        for (int field = 0; field < width; field++) {
            if (!contains(element, field, key[2 * field], key[2 * field + 1])) {
                return false;
            }
        }
        return true;
    }

    private boolean contains(int element, int field, long high, long low) {
        int at = 2 * (element * width + field);
        long[] to = last;
        if (to == null) {
            return first[at] == high && first[at + 1] == low;
        }
        return compare(high, low, first[at], first[at + 1]) >= 0 && compare(high, low, to[at], to[at + 1]) <= 0;
    }

    /** Compares two values. */
    public static int compare(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order != 0 ? order : Long.compareUnsigned(low, otherLow);
    }

    private int[] hash() {
        int capacity = Integer.highestOneBit(Math.max(FEW, size) * 2 - 1) * 2;
        int[] table = new int[capacity];
        long[] key = new long[2 * width];
        for (int i = 0; i < size; i++) {
            if (i == otherwise) {
                continue;
            }
            System.arraycopy(first, 2 * i * width, key, 0, 2 * width);
            int slot = spread(key) & (capacity - 1);
            while (table[slot] != 0 && !contains(table[slot] - 1, key)) {
                slot = (slot + 1) & (capacity - 1);
            }
            if (table[slot] == 0) {
                table[slot] = i + 1;
            }
        }
        return table;
    }

    private static int mix(long sum) {
        long mixed = sum * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32) ^ (int) (mixed >>> 52);
    }

    private int spread(long[] key) {
        long sum = 0;
        for (int i = 0; i < 2 * width; i++) {
            sum = (sum ^ key[i]) * 0xFF51_AFD7_ED55_8CCDL;
            sum ^= sum >>> 29;
        }
        return mix(sum);
    }

    private static int spread(long high, long low) {
        long sum = high * 0xFF51_AFD7_ED55_8CCDL;
        sum ^= sum >>> 29;
        sum = (sum ^ low) * 0xFF51_AFD7_ED55_8CCDL;
        return mix(sum ^ sum >>> 29);
    }

    private int probe(int[] table, long high, long low) {
        int slot = spread(high, low) & (table.length - 1);
        while (table[slot] != 0) {
            int at = 2 * (table[slot] - 1);
            if (first[at + 1] == low && first[at] == high) {
                return table[slot] - 1;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return -1;
    }

    private int probe(int[] table, long[] key) {
        int slot = spread(key) & (table.length - 1);
        while (table[slot] != 0) {
            if (contains(table[slot] - 1, key)) {
                return table[slot] - 1;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return -1;
    }

    private int[] sort() {
        Integer[] order = new Integer[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        Arrays.sort(order, (a, b) -> compare(firstHigh(a, 0), firstLow(a, 0), firstHigh(b, 0), firstLow(b, 0)));
        int[] result = new int[otherwise < 0 ? size : size - 1];
        int count = 0;
        for (Integer element : order) {
            if (element != otherwise) {
                result[count++] = element;
            }
        }
        return result;
    }

    /** Ranges of a set never overlap: the kernel takes no such element. */
    private int bisect(int[] order, long high, long low) {
        int from = 0;
        int to = order.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int element = order[middle];
            if (contains(element, 0, high, low)) {
                return element;
            }
            if (compare(firstHigh(element, 0), firstLow(element, 0), high, low) < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return -1;
    }
}
