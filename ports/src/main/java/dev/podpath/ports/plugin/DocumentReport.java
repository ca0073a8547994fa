package dev.podpath.ports.plugin;

import io.vavr.collection.Map;
import io.vavr.collection.TreeMap;

/**
 * How much of a document was understood.
 *
 * @param document path in the snapshot
 * @param unit what is counted, in the plural: {@code rules}, {@code records}
 * @param counts how many units were understood how well; levels that do not occur may be left out
 */
public record DocumentReport(String document, String unit, Map<Support, Integer> counts) {
    /** Everything in it was understood. */
    public static DocumentReport full(String document, String unit, int count) {
        return new DocumentReport(document, unit, TreeMap.of(Support.FULL, count));
    }

    /** How many units were understood so well. */
    public int count(Support support) {
        return counts.getOrElse(support, 0);
    }
}
