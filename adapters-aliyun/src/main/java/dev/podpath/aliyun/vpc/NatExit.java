package dev.podpath.aliyun.vpc;

import dev.podpath.aliyun.hop.AddressBook;
import dev.podpath.aliyun.hop.Shares;
import dev.podpath.aliyun.response.Api;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Ending;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Tuple;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import dev.podpath.core.trace.Translation;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Gives a packet that leaves for the Internet its public source address. */
final class NatExit {
    private final Vpc vpc;
    private final AddressBook addresses;
    private final Outbound at;
    private final HopDraft notes;

    NatExit(Vpc vpc, AddressBook addresses, Outbound at, HopDraft notes) {
        this.vpc = vpc;
        this.addresses = addresses;
        this.at = at;
        this.notes = notes;
    }

    /** Out with the source's own public address, which comes before any NAT gateway. */
    Resolution by(Origin.Own own) {
        notes.add(Decision.chose(
                at.source() + " has the public address " + own.address()
                        + " of its own; it comes before the NAT gateway",
                own.evidence()));
        return leave(Vector.of(own.address()), Option.none(), Vector.of(own.evidence()));
    }

    /** Out through a NAT gateway. */
    Resolution through(String id, Origin origin) {
        Option<NatGateway> found = vpc.gateway(id);
        if (found.isEmpty()) {
            return notes.unknown(Decision.unknown(
                    "NAT gateway " + id + " was not captured", vpc.responses().missing(Api.NAT_GATEWAYS)));
        }
        NatGateway gateway = found.get();
        if (gateway.isDown()) {
            return notes.ends(
                    Disposition.BLACKHOLED,
                    Decision.denied("NAT gateway " + id + " is " + gateway.status(), gateway.evidence()));
        }
        if (!gateway.internet()) {
            return notes.unknown(
                    Decision.unknown("NAT gateway " + id + " leads to another private network; that is not modelled")
                            .with(Vector.of(gateway.evidence())));
        }
        notes.add(Decision.skipped(at.source() + " has no public address of its own"));
        Option<Resolution> mapped = byForwarding(gateway);
        return mapped.getOrElse(() -> bySnat(gateway, origin));
    }

    private Option<Resolution> byForwarding(NatGateway gateway) {
        Option<Vector<ForwardEntry>> entries = vpc.forwarding(gateway);
        if (entries.isEmpty()) {
            notes.assume("no DNAT entry of NAT gateway " + gateway.id() + " maps " + at.source()
                    + " for any port: DNAT entries were not captured");
            return Option.none();
        }
        return entries.get()
                .find(entry -> entry.available()
                        && entry.isAnyPort()
                        && entry.internal().equals(at.source()))
                .map(entry -> {
                    notes.add(Decision.chose(
                            "a DNAT entry for any port maps " + at.source() + "; it comes before the SNAT entries",
                            entry.evidence()));
                    return leave(Vector.of(entry.external()), Option.none(), Vector.of(entry.evidence()));
                });
    }

    private Resolution bySnat(NatGateway gateway, Origin origin) {
        Option<Vector<SnatEntry>> captured = vpc.snat(gateway);
        if (captured.isEmpty()) {
            Missing[] missing = gateway.snatTables()
                    .map(table -> vpc.responses()
                            .missing(Api.SNAT_ENTRIES, Option.some(gateway.region()), table, "--SnatTableId " + table))
                    .toJavaArray(Missing[]::new);
            return notes.unknown(Decision.unknown(
                    "the SNAT entries of NAT gateway " + gateway.id() + " were not captured", missing));
        }
        Option<VSwitch> in = origin.owned() ? origin.vSwitch() : Option.none();
        Vector<SnatEntry> matching =
                captured.get().filter(entry -> entry.matching(at.source(), in).isDefined());
        matching.filter(entry -> !entry.available())
                .forEach(entry ->
                        notes.add(Decision.skipped("SNAT entry " + entry.id() + " is not in force", entry.evidence())));
        Vector<SnatEntry> usable = matching.filter(SnatEntry::available);
        if (usable.isEmpty()) {
            return noEntry(gateway, in);
        }
        int longest = usable.map(entry -> length(entry, in)).max().getOrElse(0);
        usable.filter(entry -> length(entry, in) < longest)
                .forEach(entry -> notes.add(
                        Decision.skipped("SNAT entry " + entry.id() + " has a shorter mask", entry.evidence())));
        Vector<SnatEntry> chosen = usable.filter(entry -> length(entry, in) == longest);
        chosen.forEach(entry -> notes.add(Decision.chose(
                "SNAT entry " + entry.id() + " for "
                        + entry.matching(at.source(), in)
                                .map(IpPrefix::toString)
                                .getOrElse("") + " gives " + entry.exits().mkString(", "),
                entry.evidence())));
        Vector<IpAddress> exits = chosen.flatMap(SnatEntry::exits).distinct();
        if (exits.isEmpty()) {
            return notes.unknown(
                    Decision.unknown("the SNAT entry names no address").with(chosen.map(SnatEntry::evidence)));
        }
        return leave(exits, condition(exits, chosen), chosen.map(SnatEntry::evidence));
    }

    private int length(SnatEntry entry, Option<VSwitch> in) {
        return entry.matching(at.source(), in).map(IpPrefix::length).getOrElse(0);
    }

    private Resolution noEntry(NatGateway gateway, Option<VSwitch> in) {
        String text = "NAT gateway " + gateway.id() + " has no SNAT entry for " + at.source()
                + in.map(vSwitch -> " or its " + vSwitch.label()).getOrElse("");
        Vector<Evidence> evidence = Vector.of(gateway.evidence());
        notes.add(new Finding(VpcFindings.NO_SNAT, VpcFindings.NO_SNAT.severity(), text, evidence));
        return notes.ends(Disposition.BLACKHOLED, Decision.notFound(text).with(evidence));
    }

    private static Option<String> condition(Vector<IpAddress> exits, Vector<SnatEntry> chosen) {
        if (exits.size() < 2) {
            return Option.none();
        }
        boolean fixed = chosen.forAll(SnatEntry::affinity);
        return Option.some(
                fixed
                        ? "EIP affinity: one private address always gets the same exit address"
                        : "a hash of the connection chooses the exit address");
    }

    private Resolution leave(Vector<IpAddress> exits, Option<String> condition, Vector<Evidence> evidence) {
        if (exits.size() > 1) {
            notes.add(new Finding(
                    VpcFindings.SEVERAL_EXITS,
                    VpcFindings.SEVERAL_EXITS.severity(),
                    at.source() + " leaves with any of " + exits.mkString(", "),
                    evidence));
        }
        if (addresses.hasLoadBalancers()) {
            notes.add(Decision.skipped("the exit address is not the address of a load balancer: a CLB serves inbound "
                    + "connections only"));
            notes.add(new Finding(
                    VpcFindings.OTHER_EXIT,
                    VpcFindings.OTHER_EXIT.severity(),
                    "others see " + exits.mkString(", ") + ", not the address the name service gives for the cluster",
                    evidence));
        }
        Vector<Share> shares = Shares.undefined(exits.size());
        return notes.goes(exits.zipWith(shares, (exit, share) -> new Branch(to(exit, evidence), share, condition)));
    }

    private Location to(IpAddress exit, Vector<Evidence> evidence) {
        AddressPort destination = at.destination();
        notes.add(Decision.translated(
                        "the source " + at.source() + " becomes " + exit,
                        new Translation(
                                Translation.Kind.SNAT,
                                new Tuple(
                                        at.flow().protocol(),
                                        Option.some(new AddressPort(at.source(), 0)),
                                        destination),
                                new Tuple(at.flow().protocol(), Option.some(new AddressPort(exit, 0)), destination)))
                .with(evidence));
        Option<Evidence> owner = addresses.owner(destination.address());
        if (owner.isDefined()) {
            return new NetworkAddress(destination, at.flow().from(exit), new Vantage.Internet());
        }
        return new Ending(
                HopKind.INTERNET,
                "the Internet: " + destination + " sees " + exit,
                Disposition.DELIVERED,
                Target.builder()
                        .address(Option.some(destination))
                        .seenAs(Option.some(exit))
                        .build(),
                Vector.of(Decision.found("the packet has left for " + destination + " with the source " + exit)));
    }
}
