package dev.podpath.core.proxy;

/**
 * What a node does with the packets to one address, told so that it can be compared with what it does with those to
 * another: a shape, and the addresses that occur in it, the address itself first, each once.
 *
 * <p>The law: of two addresses of one partition with the same shape (the same object) and as many addresses, packets to the
 * one end as packets to the other do, once every address of the one list is exchanged for that at the same place of the
 * other, as destination, as source and among the ends. Protocols, ports and shares are the same.
 */
public final class Likeness {
    private final Object shape;
    private final long[] words;

    /**
     * A likeness.
     *
     * @param shape the same object wherever the law holds
     * @param words upper and lower half of each address
     */
    public Likeness(Object shape, long... words) {
        this.shape = shape;
        this.words = words.clone();
    }

    /** The shape, to be compared by identity. */
    public Object shape() {
        return shape;
    }

    /** How many addresses occur; at least one. */
    public int count() {
        return words.length / 2;
    }

    /** Upper half of an address, 0 for IPv4. */
    public long high(int index) {
        return words[2 * index];
    }

    /** Lower half of an address; all of an IPv4 address. */
    public long low(int index) {
        return words[2 * index + 1];
    }

    /** The place of an address; negative where it does not occur. */
    public int find(long high, long low) {
        for (int i = 0; i < words.length; i += 2) {
            if (words[i + 1] == low && words[i] == high) {
                return i / 2;
            }
        }
        return -1;
    }
}
