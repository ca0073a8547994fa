package dev.podpath.aws.route53;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A hosted zone with its record sets by name. */
final class Zone {
    /** Characters of the longest name (RFC 1035, section 2.3.4), without the trailing dot. */
    static final int LONGEST_NAME = 253;

    private final String id;
    private final String name;
    private final Json json;
    private final boolean captured;
    private final boolean truncated;
    private final Option<Json> association;
    private final Map<String, List<RecordSet>> records = new HashMap<>();
    private final Set<String> names = new HashSet<>();

    Zone(String id, Json json, Option<Vector<RecordSet>> recordSets, boolean truncated, Option<Json> association) {
        this.association = association;
        this.id = id;
        this.json = json;
        this.name = plain(json.textOr("", "Name"));
        this.captured = recordSets.isDefined();
        this.truncated = truncated;
        names.add(name);
        recordSets
                .getOrElse(Vector.empty())
                .filter(set -> set.name().length() <= LONGEST_NAME && isUnder(set.name(), name))
                .forEach(this::add);
    }

    /** Lower case, without trailing dot, with the escape that Route 53 writes for an asterisk undone. */
    static String plain(String text) {
        String lower = text.toLowerCase(Locale.ROOT).replace("\\052", "*");
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Whether a name is the zone's or below it. */
    static boolean isUnder(String host, String zone) {
        return host.equals(zone)
                || !zone.isEmpty()
                        && host.length() > zone.length()
                        && host.endsWith(zone)
                        && host.charAt(host.length() - zone.length() - 1) == '.';
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    boolean isPrivate() {
        return json.isTrue("Config", "PrivateZone");
    }

    /** What was captured about the VPCs it is private to. */
    Option<Json> association() {
        return association;
    }

    /** Whether the resolver of a VPC asks it; also where that is not known. */
    boolean servesPrivately(Option<String> vpc) {
        return isPrivate()
                && association.forAll(answer -> vpc.forAll(id ->
                        answer.items("VPCs").exists(entry -> entry.text("VPCId").contains(id))));
    }

    /** Whether its record sets were captured. */
    boolean isCaptured() {
        return captured;
    }

    /** Whether some record sets were left out. */
    boolean isTruncated() {
        return truncated;
    }

    Evidence evidence() {
        return json.evidence("Id", "Name", "Config");
    }

    /**
     * Looks a name up as RFC 4592 says: the name itself, else the wildcard directly below the closest name above that
     * exists, names without records in between included.
     */
    Answer find(String host) {
        for (String above = host; !above.equals(name); above = parent(above)) {
            Vector<RecordSet> delegation = at(above).filter(set -> set.type().equals("NS"));
            if (!delegation.isEmpty()) {
                return new Answer(Answer.Kind.DELEGATED, above, delegation);
            }
        }
        if (names.contains(host)) {
            Vector<RecordSet> found = at(host);
            return new Answer(found.isEmpty() ? Answer.Kind.NO_DATA : Answer.Kind.FOUND, host, found);
        }
        String encloser = parent(host);
        while (!names.contains(encloser)) {
            encloser = parent(encloser);
        }
        String wildcard = "*." + encloser;
        Vector<RecordSet> found = at(wildcard);
        return found.isEmpty()
                ? new Answer(Answer.Kind.NO_SUCH_NAME, encloser, Vector.empty())
                : new Answer(Answer.Kind.WILDCARD, wildcard, found);
    }

    private Vector<RecordSet> at(String host) {
        return Vector.ofAll(records.getOrDefault(host, List.of()));
    }

    private void add(RecordSet set) {
        String owner = set.name();
        records.computeIfAbsent(owner, o -> new ArrayList<>(2)).add(set);
        for (String above = owner; !above.equals(name); above = parent(above)) {
            names.add(above);
        }
    }

    /** The name without its first label; the zone's own name where there is none left. */
    private String parent(String host) {
        int dot = host.indexOf('.');
        String above = dot < 0 ? name : host.substring(dot + 1);
        return isUnder(above, name) ? above : name;
    }

    /**
     * What a zone has for a name.
     *
     * @param kind what was found
     * @param owner the name that has the records, or the closest that exists
     * @param records the records of all types
     */
    record Answer(Kind kind, String owner, Vector<RecordSet> records) {
        /** What was found. */
        enum Kind {
            FOUND,
            WILDCARD,
            NO_DATA,
            NO_SUCH_NAME,
            DELEGATED
        }
    }
}
