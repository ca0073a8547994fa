package dev.podpath.core.proxy.walk;

import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tree of the ways a packet can take. A node is entered with all or a part of the packets of its parent; nodes are
 * numbered from 0, the root, in the order in which they were made, so children have larger numbers than their parents. For
 * one thread.
 *
 * @param <S> the steps of a trail
 */
public final class Forks<S> {
    /** The children share the packets of a node by chance. */
    public static final byte CHANCE = 0;
    /** Which of two children is taken is not known. */
    public static final byte UNKNOWN = 1;
    /** Which of two children is taken depends on other packets or on a hash. */
    public static final byte DEPENDS = 2;

    private static final int NO_PARTS = 0;
    private static final int GIVEN = -1;

    private byte[] kind = new byte[8];
    private int[] parent = new int[8];
    private long[] numerator = new long[8];
    private long[] denominator = new long[8];
    private int[] reason = new int[8];
    private final List<Share> given = new ArrayList<>(0);
    private final List<Reason<S>> reasons = new ArrayList<>(0);
    private int count;
    private boolean uncertain;

    /**
     * Why a fork is not by chance.
     *
     * @param why one sentence
     * @param trail the steps up to the fork
     * @param second the child that is taken where what is asked does not hold
     */
    public record Reason<S>(String why, @Nullable Link<S> trail, int second) {}

    /** Only the root. */
    public Forks() {
        add(-1, 1, 1);
    }

    /** Forgets everything but the root. */
    public void clear() {
        count = 1;
        kind[0] = CHANCE;
        given.clear();
        reasons.clear();
        uncertain = false;
    }

    /** Adds a node that is entered with a part of the packets of its parent; of 0 parts nobody knows how many. */
    public int add(int parentNode, long part, long whole) {
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

    /** Adds a node with a share of the packets of its parent that somebody else gave. */
    public int add(int parentNode, Share share) {
        int node = add(parentNode, given.size(), GIVEN);
        given.add(share);
        return node;
    }

    /** Says of a node with two children that it is not by chance which is taken. */
    public void mark(int node, byte how, Reason<S> why) {
        kind[node] = how;
        reason[node] = reasons.size();
        reasons.add(why);
        uncertain = true;
    }

    /** How many nodes there are. */
    public int count() {
        return count;
    }

    /** Whether there is a fork that is not by chance. */
    public boolean isUncertain() {
        return uncertain;
    }

    /** How it is decided which child of a node is taken. */
    public byte kind(int node) {
        return kind[node];
    }

    /** The parent of a node that is not the root. */
    public int parent(int node) {
        return parent[node];
    }

    /** Why a node's fork is not by chance. */
    public Reason<S> reason(int node) {
        return reasons.get(reason[node]);
    }

    /** Which part of all packets enters a node, as a number; NaN where it is not defined or somebody else gave it. */
    public double share(int node) {
        double share = 1;
        for (int at = node; at > 0; at = parent[at]) {
            share *= denominator[at] <= NO_PARTS ? Double.NaN : (double) numerator[at] / denominator[at];
        }
        return share;
    }

    /** Which part of all packets enters each node; a fork that is not by chance counts as if both ways were taken. */
    public Share[] shares() {
        Share[] all = new Share[count];
        all[0] = Share.all();
        for (int node = 1; node < count; node++) {
            Share above = all[parent[node]];
            if (denominator[node] == GIVEN) {
                all[node] = above.then(given.get((int) numerator[node]));
            } else if (denominator[node] == NO_PARTS) {
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
