package dev.podpath.core.verify;

import dev.podpath.core.proxy.RuleCoverage;
import io.vavr.collection.Vector;

/**
 * What a verification of a node looked at.
 *
 * @param tables the tables of rules the plane was read from, each with the hooks it is consulted at and how well its
 *     rules are understood; empty where the mode does not tell
 * @param classes classes of packets compared with the intent
 * @param vips pairs of an address and a port with a protocol that a service is reached at
 * @param services services that have at least one of them
 * @param arrivals ways in that were looked at, such as {@code POD IPv4}
 */
public record Coverage(Vector<RuleCoverage> tables, long classes, int vips, int services, Vector<String> arrivals) {
    /** Nothing was looked at. */
    public static final Coverage NOTHING = new Coverage(Vector.empty(), 0, 0, 0, Vector.empty());

    /** The same with these tables. */
    public Coverage of(Vector<RuleCoverage> accounted) {
        return new Coverage(accounted, classes, vips, services, arrivals);
    }

    /** Rules that are modelled exactly. */
    public int exactRules() {
        return tables.map(RuleCoverage::exact).sum().intValue();
    }

    /** Rules that are known to change nothing about where a packet goes. */
    public int neutralRules() {
        return tables.map(RuleCoverage::neutral).sum().intValue();
    }

    /** Rules that are not understood; where one of them decides, the verdict is UNKNOWN. */
    public int unknownRules() {
        return tables.map(RuleCoverage::unknown).sum().intValue();
    }

    /** All rules: exact, neutral and unknown ones. */
    public int rules() {
        return tables.map(RuleCoverage::total).sum().intValue();
    }
}
