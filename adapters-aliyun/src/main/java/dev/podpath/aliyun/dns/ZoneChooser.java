package dev.podpath.aliyun.dns;

import dev.podpath.aliyun.ecs.ClientNetwork;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Decision;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Chooses the zone that answers a client for a name: inside a VPC first a private zone bound to that VPC, then the public
 * zone with the longest name.
 */
final class ZoneChooser {
    private final PublicZones publicZones;
    private final PrivateZones privateZones;
    private final ClientNetwork clients;
    private final Vantage vantage;
    private final HopDraft notes;

    ZoneChooser(
            PublicZones publicZones,
            PrivateZones privateZones,
            ClientNetwork clients,
            Vantage vantage,
            HopDraft notes) {
        this.publicZones = publicZones;
        this.privateZones = privateZones;
        this.clients = clients;
        this.vantage = vantage;
        this.notes = notes;
    }

    ZoneChoice choose(String host) {
        if (host.length() > Names.LONGEST) {
            return ZoneChoice.none(Option.some(Decision.notFound(
                    "a name of " + host.length() + " characters is longer than names can be (RFC 1035: 253)")));
        }
        Vector<PrivateZone> candidates = privateZones.zonesOf(host);
        Option<Zone> open = publicZones.zone(host);
        if (vantage instanceof Vantage.Internet) {
            candidates.forEach(zone -> notes.add(Decision.skipped(
                    "private zone " + zone.zone().name() + " answers inside VPCs only, not for the Internet",
                    zone.evidence())));
            return publicly(host, open);
        }
        if (vantage instanceof Vantage.OnNode on
                && on.pod().isDefined()
                && (open.isDefined() || candidates.nonEmpty())) {
            notes.assume("the cluster's DNS hands " + host + " to the name servers of the VPC unchanged");
        }
        if (candidates.isEmpty()) {
            if (!privateZones.isKnown() && open.isDefined()) {
                notes.assume(
                        "no private zone hides the public zone " + open.get().name()
                                + " inside the VPC: PrivateZone was not captured ("
                                + privateZones.missingList().capture() + ")");
            }
            return publicly(host, open);
        }
        Option<String> vpc = clients.of(vantage).orElse(() -> {
            Option<String> only = clients.only();
            only.forEach(id -> notes.assume("the client uses the name servers of VPC " + id));
            return only;
        });
        if (vpc.isEmpty()) {
            return ZoneChoice.unknown(Decision.unknown("whether private zone "
                            + candidates.head().zone().name()
                            + " answers depends on the client's VPC, which is not known")
                    .with(Vector.of(candidates.head().evidence())));
        }
        return privately(host, vpc.get(), candidates, open);
    }

    private ZoneChoice privately(String host, String vpc, Vector<PrivateZone> candidates, Option<Zone> open) {
        for (PrivateZone candidate : candidates) {
            String name = candidate.zone().name();
            if (!candidate.mayServe(vpc)) {
                notes.add(
                        Decision.skipped("private zone " + name + " is not bound to VPC " + vpc, candidate.evidence()));
                continue;
            }
            if (candidate.vpcs().isEmpty()) {
                return ZoneChoice.unknown(Decision.unknown(
                        "whether private zone " + name + " is bound to VPC " + vpc + " was not captured",
                        privateZones.missingZone(candidate.id())));
            }
            boolean answers = candidate.zone().lookup(host).exists(DnsRecord::leadsOn);
            if (!answers && !candidate.zone().isWhole()) {
                return ZoneChoice.unknown(Decision.unknown(
                        "private zone " + name + " is bound to VPC " + vpc + ", but not all its records were captured",
                        privateZones.missingRecords(candidate.id())));
            }
            if (answers || !candidate.recordPattern()) {
                notes.add(Decision.chose(
                        "private zone " + name + " is bound to VPC " + vpc + " and answers before the public DNS",
                        candidate.evidence()));
                return ZoneChoice.of(candidate.zone(), Option.none());
            }
            notes.add(Decision.skipped(
                    "private zone " + name + " has no record of " + host
                            + "; with its proxy pattern RECORD the public DNS is asked",
                    candidate.evidence()));
            return publicly(host, open);
        }
        return publicly(host, open);
    }

    private ZoneChoice publicly(String host, Option<Zone> open) {
        if (open.isEmpty()) {
            return ZoneChoice.none(Option.none());
        }
        Option<DnsRecord> delegated = open.get().delegation(host);
        if (delegated.isDefined()) {
            return ZoneChoice.none(Option.some(Decision.notFound(
                    "zone " + open.get().name() + " hands " + delegated.get().name() + " over to "
                            + delegated.get().value() + ", whose zone was not captured",
                    delegated.get().evidence())));
        }
        return ZoneChoice.of(open.get(), Option.some(publicZones));
    }
}
