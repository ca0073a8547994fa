package dev.podpath.core.proxy;

import io.vavr.collection.Vector;

/**
 * How well the rules of one table are understood.
 *
 * @param table the table as the node's tools name it, with its family: {@code ip nat}, {@code ip6 filter}, {@code ipvs}
 * @param hooks where it is consulted, in the order a packet meets them
 * @param exact rules that are modelled exactly
 * @param neutral rules that are known to change nothing about where a packet goes
 * @param unknown rules that are not understood
 */
public record RuleCoverage(String table, Vector<String> hooks, int exact, int neutral, int unknown) {
    /** All rules of the table. */
    public int total() {
        return exact + neutral + unknown;
    }
}
