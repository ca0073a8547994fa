package dev.podpath.aliyun.dns;

import dev.podpath.aliyun.ecs.ClientNetwork;
import dev.podpath.aliyun.hop.AddressBook;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Target;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashSet;
import java.util.Set;

/** Resolves names in captured zones of Alidns and, for clients inside a VPC, of PrivateZone. */
public final class DnsResolver implements HopResolver {
    private final PublicZones publicZones;
    private final PrivateZones privateZones;
    private final ClientNetwork clients;
    private final AddressBook addresses;

    /** Resolves with the captured zones. */
    public DnsResolver(Responses responses, ClientNetwork clients, AddressBook addresses) {
        this.publicZones = new PublicZones(responses);
        this.privateZones = new PrivateZones(responses);
        this.clients = clients;
        this.addresses = addresses;
    }

    @Override
    public String id() {
        return "aliyun.dns";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof DnsName;
    }

    @Override
    public Resolution resolve(Location location) {
        return new Walk((DnsName) location).run();
    }

    /** One name, followed through its aliases. */
    private final class Walk {
        private final DnsName at;
        private final HopDraft notes;
        private final Set<String> visited = new HashSet<>();
        private String host;

        Walk(DnsName at) {
            this.at = at;
            this.host = Names.plain(at.host());
            this.notes = new HopDraft(at, HopKind.DNS, "DNS " + host);
        }

        Resolution run() {
            while (visited.add(host)) {
                boolean first = visited.size() == 1;
                ZoneChoice chosen =
                        new ZoneChooser(publicZones, privateZones, clients, at.vantage(), notes).choose(host);
                if (chosen.unknown().isDefined()) {
                    return notes.unknown(chosen.unknown().get());
                }
                if (chosen.zone().isEmpty()) {
                    return first ? notMine(chosen) : notes.goes(Vector.of(Branch.all(elsewhere(host))));
                }
                Option<Resolution> end = step(chosen.zone().get(), chosen.weights());
                if (end.isDefined()) {
                    return end.get();
                }
            }
            return notes.ends(
                    Disposition.LOOP, Decision.denied("the aliases lead back to " + host + "; no address comes of it"));
        }

        private Resolution notMine(ZoneChoice chosen) {
            return Resolution.declined(chosen.lookup()
                    .getOrElse(() ->
                            Decision.notFound("no zone of Alibaba Cloud that contains " + host + " was captured")));
        }

        private DnsName elsewhere(String target) {
            return new DnsName(target, at.port(), at.flow(), at.vantage());
        }

        /** Answers from a zone; empty where a single alias was followed and the walk goes on. */
        private Option<Resolution> step(Zone zone, Option<PublicZones> weights) {
            Vector<DnsRecord> found = zone.lookup(host);
            Vector<DnsRecord> leading = found.filter(DnsRecord::leadsOn);
            zone.disabled(host)
                    .filter(DnsRecord::leadsOn)
                    .forEach(record -> notes.add(Decision.skipped(record + " is disabled", record.evidence())));
            if (leading.isEmpty()) {
                return Option.some(nothing(zone, found));
            }
            if (!zone.owner(host).equals(host)) {
                notes.limit("a wildcard answers for names that do not exist, as RFC 4592 says; whether the name "
                        + "servers of Alibaba Cloud follow it in every detail is not documented");
            }
            Vector<Choice> choices = new Choices(leading, weights, zone, notes).all();
            choices.flatMap(Choice::record)
                    .distinct()
                    .forEach(record -> notes.add(Decision.found(record + line(record), record.evidence())));
            if (choices.size() == 1 && choices.head().record().exists(DnsRecord::isAlias)) {
                host = Names.plain(choices.head().record().get().value());
                return Option.none();
            }
            if (choices.size() > 1) {
                notes.add(Finding.of(
                        DnsFindings.DIFFERENT_ANSWERS,
                        host + " has " + choices.size() + " different answers",
                        choices.flatMap(Choice::record).map(DnsRecord::evidence).toJavaArray(Evidence[]::new)));
            }
            return Option.some(notes.goes(
                    choices.map(choice -> new Branch(to(choice, zone), choice.share(), choice.condition()))));
        }

        private Resolution nothing(Zone zone, Vector<DnsRecord> found) {
            if (!zone.isWhole()) {
                return notes.unknown(Decision.unknown(
                        "only a part of zone " + zone.name() + " was captured, and " + host + " is not in it",
                        publicZones.missingRecords(zone.name())));
            }
            Option<DnsRecord> other = found.find(record -> record.type().endsWith("_URL"));
            if (other.isDefined()) {
                return notes.unknown(Decision.unknown(
                                other.get() + " makes a web server of the name service answer; that is not modelled")
                        .with(Vector.of(other.get().evidence())));
            }
            String why = zone.exists(host)
                    ? host + " exists in zone " + zone.name() + " but has no record of type A, AAAA or CNAME"
                    : host + " does not exist in zone " + zone.name() + " (NXDOMAIN)";
            notes.add(new Finding(DnsFindings.NO_NAME, DnsFindings.NO_NAME.severity(), why, zone.evidence()));
            return notes.ends(Disposition.BLACKHOLED, Decision.notFound(why).with(zone.evidence()));
        }

        private Location to(Choice choice, Zone zone) {
            if (choice.record().isEmpty()) {
                String text = host + " has no answer for other DNS lines";
                return ending(
                        text, Disposition.BLACKHOLED, Decision.notFound(text).with(zone.evidence()));
            }
            DnsRecord record = choice.record().get();
            if (record.isAlias()) {
                return elsewhere(Names.plain(record.value()));
            }
            Option<IpAddress> address = IpAddress.parse(record.value())
                    .filter(ip -> ip.isV6() == record.type().equals("AAAA"));
            if (address.isEmpty()) {
                String text = record + " has no address in it";
                return ending(text, Disposition.UNKNOWN, Decision.unknown(text).with(Vector.of(record.evidence())));
            }
            checkOwner(record, address.get());
            return new NetworkAddress(new AddressPort(address.get(), at.port()), at.flow(), at.vantage());
        }

        private void checkOwner(DnsRecord record, IpAddress address) {
            if (address.isPublic()
                    && addresses.isWhole()
                    && addresses.owner(address).isEmpty()) {
                notes.add(Finding.of(
                        DnsFindings.NO_OWNER,
                        record + ": no load balancer, elastic address or instance of the account has " + address,
                        record.evidence()));
            }
        }

        private Ending ending(String title, Disposition disposition, Decision why) {
            return new Ending(HopKind.DNS, title, disposition, Target.builder().build(), Vector.of(why));
        }

        private String line(DnsRecord record) {
            return record.line().equals("default") ? "" : " on DNS line " + record.line();
        }
    }
}
