package dev.podpath.proxy.iptables.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The ways of the packets of a region: at a node either some of the packets go one way and the rest another, or each packet
 * can go all ways.
 */
final class Tree {
    /** Nothing follows. */
    private static final byte LEAF = 0;
    /** Each child has some of the packets. */
    static final byte SPLIT = 1;
    /** Each child has all of the packets. */
    static final byte BOTH = 2;

    /** So many parts are put together from others, and no more. */
    private static final int MOST = 2_000_000;

    private byte[] kind = new byte[16];
    private int[] firstChild = new int[16];
    private int[] lastChild = new int[16];
    private int[] next = new int[16];
    private @Nullable Path[] leaf = new Path[16];
    private int count;
    private long made;

    /**
     * Packets that go the same ways.
     *
     * @param region the packets
     * @param leaves the ends of the ways, in the order of their branches
     */
    record Part(Region region, List<Path> leaves) {}

    /** Back to a root without children. */
    void clear() {
        Arrays.fill(leaf, 0, count, null);
        count = 0;
        make();
    }

    private int make() {
        if (count == kind.length) {
            int size = count * 2;
            kind = Arrays.copyOf(kind, size);
            firstChild = Arrays.copyOf(firstChild, size);
            lastChild = Arrays.copyOf(lastChild, size);
            next = Arrays.copyOf(next, size);
            leaf = Arrays.copyOf(leaf, size);
        }
        kind[count] = LEAF;
        firstChild[count] = 0;
        lastChild[count] = 0;
        next[count] = 0;
        return count++;
    }

    /** What the children of a node will be. */
    void fork(int node, byte how) {
        kind[node] = how;
    }

    /** Adds a child, the last one so far. */
    int add(int parent) {
        int child = make();
        if (firstChild[parent] == 0) {
            firstChild[parent] = child;
        } else {
            next[lastChild[parent]] = child;
        }
        lastChild[parent] = child;
        return child;
    }

    void leaf(int node, Path end) {
        leaf[node] = end;
    }

    /** All packets, in parts that go the same ways; none where these are too many. */
    List<Part> parts() {
        made = 0;
        List<Part> all = new ArrayList<>();
        parts(0, all);
        return made > MOST ? List.of() : all;
    }

    /** Adds the parts of a node; splits within splits add to one list, for these can be nested as deep as there are ports. */
    private void parts(int node, List<Part> to) {
        if (kind[node] == LEAF) {
            Path end = Objects.requireNonNull(leaf[node]);
            to.add(new Part(end.region, List.of(end)));
            return;
        }
        if (kind[node] == SPLIT) {
            for (int child = firstChild[node]; child != 0; child = next[child]) {
                parts(child, to);
            }
            return;
        }
        List<Part> all = List.of();
        for (int child = firstChild[node]; child != 0; child = next[child]) {
            List<Part> more = new ArrayList<>(4);
            parts(child, more);
            all = all.isEmpty() ? more : product(all, more);
        }
        to.addAll(all);
    }

    private List<Part> product(List<Part> one, List<Part> two) {
        List<Part> all = new ArrayList<>(one.size() + two.size());
        made += (long) one.size() * two.size();
        if (made > MOST) {
            return all;
        }
        for (Part a : one) {
            for (Part b : two) {
                Region both = a.region.and(b.region);
                if (both != null) {
                    List<Path> leaves = new ArrayList<>(a.leaves.size() + b.leaves.size());
                    leaves.addAll(a.leaves);
                    leaves.addAll(b.leaves);
                    all.add(new Part(both, leaves));
                }
            }
        }
        return all;
    }
}
