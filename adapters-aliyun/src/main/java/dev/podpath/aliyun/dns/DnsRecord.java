package dev.podpath.aliyun.dns;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * A record of a zone.
 *
 * @param name its full name, lower case, without a trailing dot
 * @param type its type, upper case
 * @param value its value as the zone has it
 * @param line the resolution line it is for, lower case; {@code default} for all that have none of their own
 * @param enabled whether it is in force
 * @param weight its weight, where one is given
 * @param json where it is
 */
record DnsRecord(String name, String type, String value, String line, boolean enabled, Option<Long> weight, Json json) {

    /** Reads a record; Alidns writes {@code RR}, PrivateZone {@code Rr}. */
    static DnsRecord of(String zone, Json json) {
        String rr = Names.plain(json.text("RR").orElse(json.text("Rr")).getOrElse("@"));
        String status = json.textOr("ENABLE", "Status");
        return new DnsRecord(
                rr.isEmpty() || rr.equals("@") ? zone : rr + "." + zone,
                json.textOr("", "Type").toUpperCase(Locale.ROOT),
                json.textOr("", "Value").strip(),
                json.text("Line")
                        .filter(line -> !line.isBlank())
                        .getOrElse("default")
                        .toLowerCase(Locale.ROOT),
                status.equalsIgnoreCase("ENABLE"),
                json.number("Weight"),
                json);
    }

    /** Whether it leads to an address: A, AAAA or CNAME. */
    boolean leadsOn() {
        return type.equals("A") || type.equals("AAAA") || isAlias();
    }

    boolean isAlias() {
        return type.equals("CNAME");
    }

    /** What makes it the same record, met in two responses. */
    String identity() {
        return json.text("RecordId").getOrElse(() -> name + " " + type + " " + line + " " + value);
    }

    Evidence evidence() {
        return json.evidence(
                "RR", "Rr", "DomainName", "Type", "Value", "Line", "Weight", "TTL", "Ttl", "Status", "RecordId");
    }

    /** {@code app1.qas.abc.com A 203.0.113.10}. */
    @Override
    public String toString() {
        return name + " " + type + " " + value;
    }
}
