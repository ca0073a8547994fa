package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.proxy.walk.Link;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.Expr;

/**
 * The ways out of a map whose key is a generated number or a hash: one for each element, numbered like it, and one for what no
 * element has. A number's ways have exact parts; how often a hash takes one is not defined.
 */
final class Ways {
    private final long[] parts;
    private final long whole;
    private final String hash;
    private final Elements elements;

    private Ways(long[] parts, long whole, String hash, Elements elements) {
        this.parts = parts;
        this.whole = whole;
        this.hash = hash;
        this.elements = elements;
    }

    static Ways of(Expr key, Elements elements) {
        int size = elements.size();
        long[] parts = new long[size + 1];
        if (key instanceof Expr.Numgen numgen) {
            long left = numgen.outcomes();
            for (int e = 0; e < size; e++) {
                if (e != elements.otherwise()) {
                    long first = elements.firstLow(e, 0) - numgen.offset();
                    long last = elements.lastLow(e, 0) - numgen.offset();
                    parts[e] = Math.max(0, numgen.below(last + 1) - numgen.below(first));
                    left -= parts[e];
                }
            }
            parts[size] = Math.max(0, left);
            return new Ways(parts, numgen.outcomes(), "", elements);
        }
        Expr.Hash by = (Expr.Hash) key;
        long covered = 0;
        for (int e = 0; e < size; e++) {
            boolean other = e == elements.otherwise();
            parts[e] = other ? 0 : 1;
            covered += other ? 0 : elements.lastLow(e, 0) - elements.firstLow(e, 0) + 1;
        }
        parts[size] = covered < by.modulus() ? 1 : 0;
        return new Ways(parts, 0, by.text(), elements);
    }

    long part(int way) {
        return parts[way];
    }

    /** What the parts are parts of; 0 where nobody knows. */
    long whole() {
        return whole;
    }

    int last() {
        return before(parts.length);
    }

    int first() {
        int way = 0;
        while (parts[way] == 0) {
            way++;
        }
        return way;
    }

    /** The way before this one; -1 where there is none. */
    int before(int way) {
        int at = way - 1;
        while (at >= 0 && parts[at] == 0) {
            at--;
        }
        return at;
    }

    /** The one way there is; -1 where there are several. */
    int only() {
        return first() == last() ? first() : -1;
    }

    /** Notes on a path that it takes this way, where nothing but the condition tells. */
    void condition(Path path, int way) {
        if (whole == 0) {
            String value = way < elements.size() ? "is " + elements.firstLow(way, 0) : "is none of the map's keys";
            path.conditions = new Link<>("the hash (" + hash + ") " + value, path.conditions);
        }
    }
}
