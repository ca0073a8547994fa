package dev.podpath.aliyun.vpc;

import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.ecs.Instance;
import dev.podpath.aliyun.ecs.NetworkInterface;
import dev.podpath.aliyun.ecs.PrivateIp;
import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.slb.LoadBalancer;
import dev.podpath.aliyun.slb.Slb;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Tuple;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Translation;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Follows a public address to the private one behind it: elastic addresses and public addresses of instances. */
final class EipResolver implements HopResolver {
    private final Vpc vpc;
    private final Slb slb;
    private final Ecs ecs;
    private final PublicAddresses addresses;

    EipResolver(Vpc vpc, Slb slb, Ecs ecs, PublicAddresses addresses) {
        this.vpc = vpc;
        this.slb = slb;
        this.ecs = ecs;
        this.addresses = addresses;
    }

    @Override
    public String id() {
        return "aliyun.eip";
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof NetworkAddress at && !(at.vantage() instanceof Vantage.OnNode);
    }

    @Override
    public Resolution resolve(Location location) {
        NetworkAddress at = (NetworkAddress) location;
        IpAddress address = at.address().address();
        if (!address.isPublic() || slb.at(address).isDefined()) {
            return Resolution.declined();
        }
        HopDraft notes = new HopDraft(at, HopKind.NAT, "elastic address " + at.address());
        Option<Eip> eip = vpc.eip(address);
        if (eip.isDefined()) {
            return new Step(at, notes).follow(eip.get());
        }
        Option<NetworkInterface> eni = addresses.networkInterface(address);
        if (eni.isDefined()) {
            return new Step(at, notes).toInterface(eni.get(), Option.none());
        }
        Option<Instance> instance = addresses.instance(address);
        if (instance.isDefined()) {
            notes.add(Decision.found(
                    address + " is a public address of instance "
                            + instance.get().label(),
                    instance.get().json().evidence("InstanceId", "PublicIpAddress", "EipAddress")));
            return new Step(at, notes).toInstance(instance.get().id(), Option.none());
        }
        return vpc.responses().captured(Api.EIPS)
                ? Resolution.declined()
                : Resolution.declined(Decision.unknown(
                        "whether " + address + " is an elastic address of the account was not captured",
                        vpc.responses().missing(Api.EIPS)));
    }

    /** One request at one public address. */
    private final class Step {
        private final NetworkAddress at;
        private final HopDraft notes;

        Step(NetworkAddress at, HopDraft notes) {
            this.at = at;
            this.notes = notes;
        }

        Resolution follow(Eip eip) {
            String type = eip.boundType().getOrElse("");
            String id = eip.boundId().getOrElse("");
            if (id.isEmpty()) {
                String text = eip.address() + " is an elastic address that is bound to nothing";
                notes.add(Finding.of(VpcFindings.UNBOUND, text, eip.evidence()));
                return notes.ends(Disposition.BLACKHOLED, Decision.notFound(text, eip.evidence()));
            }
            notes.add(Decision.found(
                    eip.address() + " is an elastic address bound to " + type + " " + id, eip.evidence()));
            if (type.equalsIgnoreCase("SlbInstance")) {
                return toLoadBalancer(id);
            }
            if (type.equalsIgnoreCase("Nat")) {
                return toGateway(id);
            }
            if (type.equalsIgnoreCase("NetworkInterface")) {
                Option<NetworkInterface> eni = ecs.networkInterface(id);
                return eni.isDefined()
                        ? toInterface(eni.get(), eip.privateAddress())
                        : to(eip.privateAddress(), Option.none(), id, Api.NETWORK_INTERFACES);
            }
            if (type.equalsIgnoreCase("EcsInstance")) {
                return toInstance(id, eip.privateAddress());
            }
            return notes.unknown(Decision.unknown("what is behind " + type + " " + id + " is not modelled")
                    .with(Vector.of(eip.evidence())));
        }

        private Resolution toLoadBalancer(String id) {
            Option<LoadBalancer> lb = slb.loadBalancer(id);
            if (lb.isEmpty()) {
                return notes.unknown(Decision.unknown(
                        "load balancer " + id + " was not captured",
                        vpc.responses().missing(Api.LOAD_BALANCERS)));
            }
            notes.add(Decision.found(
                    "CLB " + lb.get().label() + " has the private address "
                            + lb.get().address(),
                    lb.get().evidence()));
            return go(
                    new AddressPort(lb.get().address(), at.address().port()),
                    lb.get().vpc(),
                    Vector.empty());
        }

        Resolution toInterface(NetworkInterface eni, Option<IpAddress> named) {
            Option<IpAddress> associated = eni.addresses()
                    .find(ip -> ip.publicAddress().contains(at.address().address()))
                    .map(PrivateIp::address);
            Option<IpAddress> address =
                    named.orElse(associated).orElse(() -> eni.primaryAddress().map(PrivateIp::address));
            notes.add(Decision.found("network interface " + eni.id() + " has it", eni.evidence()));
            return to(address, eni.vpc(), eni.id(), Api.NETWORK_INTERFACES);
        }

        Resolution toInstance(String id, Option<IpAddress> named) {
            return to(named.orElse(() -> ecs.addressOf(id)), ecs.vpcOf(id), id, Api.INSTANCES);
        }

        private Resolution to(Option<IpAddress> address, Option<String> network, String id, Api api) {
            return address.isEmpty()
                    ? notes.unknown(Decision.unknown(
                            "the private address of " + id + " was not captured",
                            vpc.responses().missing(api)))
                    : go(new AddressPort(address.get(), at.address().port()), network, Vector.empty());
        }

        private Resolution toGateway(String id) {
            Option<NatGateway> gateway = vpc.gateway(id);
            if (gateway.isEmpty()) {
                return notes.unknown(Decision.unknown(
                        "NAT gateway " + id + " was not captured",
                        vpc.responses().missing(Api.NAT_GATEWAYS)));
            }
            Option<Vector<ForwardEntry>> entries = vpc.forwarding(gateway.get());
            if (entries.isEmpty()) {
                Missing[] missing = gateway.get()
                        .forwardTables()
                        .map(table -> vpc.responses()
                                .missing(
                                        Api.FORWARD_ENTRIES,
                                        Option.some(gateway.get().region()),
                                        table,
                                        "--ForwardTableId " + table))
                        .toJavaArray(Missing[]::new);
                return notes.unknown(
                        Decision.unknown("the DNAT entries of NAT gateway " + id + " were not captured", missing));
            }
            return forwarded(
                    id,
                    entries.get()
                            .filter(entry ->
                                    entry.external().equals(at.address().address())));
        }

        private Resolution forwarded(String gateway, Vector<ForwardEntry> entries) {
            entries.filter(entry -> !entry.available())
                    .forEach(entry -> notes.add(Decision.skipped("a DNAT entry is not in force", entry.evidence())));
            int port = at.address().port();
            Vector<ForwardEntry> taking = entries.filter(ForwardEntry::available)
                    .filter(entry -> entry.apply(port, at.flow().protocol()).isDefined())
                    .sortBy(entry -> entry.isAnyPort() ? 1 : 0);
            if (taking.isEmpty()) {
                String text = "NAT gateway " + gateway + " has no DNAT entry for " + at.address() + "/"
                        + at.flow().protocol().lower() + "; an SNAT entry serves outgoing connections only";
                Vector<Evidence> evidence =
                        vpc.gateway(gateway).map(NatGateway::evidence).toVector();
                notes.add(new Finding(VpcFindings.NO_DNAT, VpcFindings.NO_DNAT.severity(), text, evidence));
                return notes.ends(
                        Disposition.BLACKHOLED, Decision.notFound(text).with(evidence));
            }
            ForwardEntry entry = taking.head();
            return go(
                    entry.apply(port, at.flow().protocol()).get(),
                    vpc.gateway(gateway).flatMap(NatGateway::vpc),
                    Vector.of(entry.evidence()));
        }

        private Resolution go(AddressPort to, Option<String> network, Vector<Evidence> evidence) {
            Flow flow = at.flow();
            if (flow.source().exists(source -> !source.isPublic())) {
                notes.assume("the client " + flow.source().get() + " reaches the Internet through a NAT of its "
                        + "network, whose address is not known");
                flow = flow.fromUnknown();
            }
            Option<AddressPort> source = flow.source().map(ip -> new AddressPort(ip, 0));
            notes.add(Decision.translated(
                            "destination " + at.address() + " becomes " + to + "; the client's address is kept",
                            new Translation(
                                    Translation.Kind.DNAT,
                                    new Tuple(flow.protocol(), source, at.address()),
                                    new Tuple(flow.protocol(), source, to)))
                    .with(evidence));
            return notes.goes(Vector.of(Branch.all(new NetworkAddress(to, flow, new Vantage.PrivateNetwork(network)))));
        }
    }
}
