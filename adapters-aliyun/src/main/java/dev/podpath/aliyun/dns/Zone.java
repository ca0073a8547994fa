package dev.podpath.aliyun.dns;

import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The records of a zone by name. A name is looked up as RFC 1034 section 4.3.2 and RFC 4592 say: a name that exists is
 * answered by its own records alone; else the wildcard below its closest encloser answers.
 */
final class Zone {
    private final String name;
    private final boolean whole;
    private final Vector<Evidence> evidence;
    private final Map<String, List<DnsRecord>> enabled = new HashMap<>();
    private final Map<String, List<DnsRecord>> disabled = new HashMap<>();
    private final Set<String> existing = new HashSet<>();

    /**
     * A zone.
     *
     * @param whole whether all its records are here, so that what is not here does not exist
     * @param evidence the documents it was read from
     */
    Zone(String name, boolean whole, Vector<DnsRecord> records, Vector<Evidence> evidence) {
        this.name = name;
        this.whole = whole;
        this.evidence = evidence;
        existing.add(name);
        Set<String> seen = new HashSet<>();
        for (DnsRecord record : records) {
            if (record.name().length() > Names.LONGEST || !seen.add(record.identity())) {
                continue;
            }
            (record.enabled() ? enabled : disabled)
                    .computeIfAbsent(record.name(), n -> new ArrayList<>(1))
                    .add(record);
            if (record.enabled()) {
                for (String at = record.name(); Names.isIn(at, name) && existing.add(at); at = Names.parent(at)) {
                    // a name exists, and so does every name between it and the apex
                }
            }
        }
    }

    String name() {
        return name;
    }

    boolean isWhole() {
        return whole;
    }

    Vector<Evidence> evidence() {
        return evidence;
    }

    /** The enabled records that answer for a name of this zone, of all types. */
    Vector<DnsRecord> lookup(String host) {
        return Vector.ofAll(enabled.getOrDefault(owner(host), List.of()));
    }

    /** Whether the name itself exists, be it without records of its own. */
    boolean exists(String host) {
        return existing.contains(host);
    }

    /** The name whose records answer for this one: itself, or a wildcard. */
    String owner(String host) {
        if (existing.contains(host)) {
            return host;
        }
        String encloser = Names.parent(host);
        while (!existing.contains(encloser) && !encloser.isEmpty()) {
            encloser = Names.parent(encloser);
        }
        return "*." + encloser;
    }

    /** Records of this name that are not in force. */
    Vector<DnsRecord> disabled(String host) {
        return Vector.ofAll(disabled.getOrDefault(host, List.of()));
    }

    /** The record that hands this name over to other name servers, where there is one below the apex. */
    Option<DnsRecord> delegation(String host) {
        for (String at = host; !at.equals(name) && Names.isIn(at, name); at = Names.parent(at)) {
            Option<DnsRecord> ns = Vector.ofAll(enabled.getOrDefault(at, List.of()))
                    .find(record -> record.type().equals("NS"));
            if (ns.isDefined()) {
                return ns;
            }
        }
        return Option.none();
    }

    /** The zone that a name is in: the one with the longest name. */
    static <Z> Option<Z> closest(Map<String, Z> zones, String host) {
        for (String at = host; !at.isEmpty(); at = Names.parent(at)) {
            Z zone = zones.get(at);
            if (zone != null) {
                return Option.some(zone);
            }
        }
        return Option.none();
    }
}
