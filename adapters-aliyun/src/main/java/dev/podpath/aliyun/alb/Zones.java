package dev.podpath.aliyun.alb;

import dev.podpath.aliyun.slb.SlbFindings;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Decision;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Which servers a connection can get by their zones: a network load balancer with {@code CrossZoneEnabled} off sends from an
 * address to servers of the address's zone only (NLB, "Cross-zone load balancing").
 */
final class Zones {
    private final Balancer lb;
    private final Option<String> entered;
    private final HopDraft notes;

    private Zones(Balancer lb, Option<String> entered, HopDraft notes) {
        this.lb = lb;
        this.entered = entered;
        this.notes = notes;
    }

    /** For connections that arrive at this address. */
    static Zones of(Balancer lb, IpAddress address, HopDraft notes) {
        return new Zones(lb, lb.zoneOf(address), notes);
    }

    /** The servers that may get the connection; those whose zone is not given may. */
    Vector<Json> serving(Vector<Json> servers) {
        boolean restricted =
                lb.kind() == Kind.NLB && lb.json().text("CrossZoneEnabled").contains("false");
        if (!restricted) {
            return servers;
        }
        Vector<Json> idle =
                servers.filter(server -> zone(server).exists(zone -> !lb.zones().contains(zone)));
        if (!idle.isEmpty()) {
            notes.add(new Finding(
                    SlbFindings.NOT_IN_USE,
                    SlbFindings.NOT_IN_USE.severity(),
                    "servers in zones " + idle.flatMap(Zones::zone).distinct().mkString(", ") + " get no connections: "
                            + lb.label() + " has addresses in " + lb.zones().mkString(", ")
                            + " only, and forwarding across zones is off",
                    idle.map(server -> server.evidence("ServerId", "ServerIp", "ZoneId"))
                            .append(lb.json().evidence("CrossZoneEnabled"))));
        }
        Vector<Json> left = servers.filter(server ->
                zone(server).isEmpty() || entered.isEmpty() || zone(server).equals(entered));
        Vector<Json> elsewhere = servers.reject(left::contains);
        if (!elsewhere.isEmpty()) {
            notes.add(Decision.skipped(
                            elsewhere.size() + " servers are in another zone than the address asked for, "
                                    + entered.get() + ", and forwarding across zones is off",
                            lb.json().evidence("CrossZoneEnabled"))
                    .with(elsewhere.map(server -> server.evidence("ServerId", "ServerIp", "ZoneId"))));
        }
        return left.reject(idle::contains);
    }

    private static Option<String> zone(Json server) {
        return server.text("ZoneId").filter(zone -> !zone.isBlank());
    }
}
