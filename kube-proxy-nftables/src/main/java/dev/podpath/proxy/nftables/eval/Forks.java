package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tree of the ways a packet can take. A node is entered with all or a part of the packets of its parent; nodes are
 * numbered in the order in which they were made, so children have larger numbers than their parents.
 */
final class Forks {
    /** The children share the packets of this node by chance. */
    static final byte CHANCE = 0;
    /** Which of two children is taken is not known. */
    static final byte UNKNOWN = 1;
    /** Which of two children is taken depends on other packets or on a hash. */
    static final byte DEPENDS = 2;

    private byte[] kind = new byte[8];
    private int[] parent = new int[8];
    private long[] numerator = new long[8];
    private long[] denominator = new long[8];
    private int[] reason = new int[8];
    private final List<Reason> reasons = new ArrayList<>(0);
    private int count;
    private boolean uncertain;

    /**
     * Why a fork is not by chance.
     *
     * @param why one sentence
     * @param trail the steps up to the fork
     * @param second the child that is taken where the rule does not match
     */
    record Reason(String why, @Nullable Link<Path.Step> trail, int second) {}

    Forks() {
        add(-1, 1, 1);
    }

    /** Forgets everything but the root. */
    void clear() {
        count = 1;
        kind[0] = CHANCE;
        reasons.clear();
        uncertain = false;
    }

    /** Adds a node that is entered with a part of the packets of its parent; of 0 parts nobody knows how many. */
    int add(int parentNode, long part, long whole) {
        if (count == kind.length) {
            int size = count * 2;
            kind = Arrays.copyOf(kind, size);
            parent = Arrays.copyOf(parent, size);
            numerator = Arrays.copyOf(numerator, size);
            denominator = Arrays.copyOf(denominator, size);
            reason = Arrays.copyOf(reason, size);
        }
        kind[count] = CHANCE;
        parent[count] = parentNode;
        numerator[count] = part;
        denominator[count] = whole;
        return count++;
    }

    void mark(int node, byte how, Reason why) {
        kind[node] = how;
        reason[node] = reasons.size();
        reasons.add(why);
        uncertain = true;
    }

    int count() {
        return count;
    }

    /** Whether there is a fork that is not by chance. */
    boolean isUncertain() {
        return uncertain;
    }

    byte kind(int node) {
        return kind[node];
    }

    int parent(int node) {
        return parent[node];
    }

    Reason reason(int node) {
        return reasons.get(reason[node]);
    }

    /** Which part of all packets enters a node, as a number; NaN where it is not defined. */
    double share(int node) {
        double share = 1;
        for (int at = node; at > 0; at = parent[at]) {
            share *= denominator[at] == 0 ? Double.NaN : (double) numerator[at] / denominator[at];
        }
        return share;
    }

    /** Which part of all packets enters each node; a fork that is not by chance counts as if both ways were taken. */
    Share[] shares() {
        Share[] all = new Share[count];
        all[0] = Share.all();
        for (int node = 1; node < count; node++) {
            Share above = all[parent[node]];
            if (denominator[node] == 0) {
                all[node] = above.then(Share.undefined());
            } else if (numerator[node] == denominator[node]) {
                all[node] = above;
            } else {
                all[node] = above.then(new Share.Exact(Fraction.of(numerator[node], denominator[node])));
            }
        }
        return all;
    }
}
