package dev.podpath.proxy.iptables.eval;

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
    /** Which of two children is taken depends on the traffic. */
    static final byte RATE = 2;

    private byte[] kind = new byte[8];
    private int[] parent = new int[8];
    private long[] numerator = new long[8];
    private long[] denominator = new long[8];
    private final List<Share> shares = new ArrayList<>(0);
    private final List<Reason> reasons = new ArrayList<>(0);
    private int[] reason = new int[8];
    private int count;
    private boolean uncertain;

    /**
     * Why a fork is not by chance.
     *
     * @param why one sentence
     * @param trail the rules up to the fork
     * @param second the child that is taken where the rule does not match
     */
    record Reason(String why, @Nullable Link<Path.Step> trail, int second) {}

    Forks() {
        add(-1, 1, 1);
    }

    /** Adds a node that is entered with a part of the packets of its parent. */
    int add(int parentNode, long part, long whole) {
        if (count == kind.length) {
            int size = count * 2;
            kind = Arrays.copyOf(kind, size);
            parent = Arrays.copyOf(parent, size);
            numerator = Arrays.copyOf(numerator, size);
            denominator = Arrays.copyOf(denominator, size);
            reason = Arrays.copyOf(reason, size);
        }
        parent[count] = parentNode;
        numerator[count] = part;
        denominator[count] = whole;
        return count++;
    }

    /** Adds a node with a share that a balancer gave. */
    int add(int parentNode, Share share) {
        int node = add(parentNode, shares.size(), 0);
        shares.add(share);
        return node;
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

    /** Which part of all packets enters each node; a fork that is not by chance counts as if both ways were taken. */
    Share[] shares() {
        Share[] all = new Share[count];
        all[0] = Share.all();
        for (int node = 1; node < count; node++) {
            Share above = all[parent[node]];
            if (denominator[node] == 0) {
                all[node] = above.then(shares.get((int) numerator[node]));
            } else if (numerator[node] == denominator[node]) {
                all[node] = above;
            } else {
                all[node] = above.then(new Share.Exact(Fraction.of(numerator[node], denominator[node])));
            }
        }
        return all;
    }
}
