package dev.podpath.core.verify;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A node whose proxy does what a test says, for every source alike but for endpoints that reach themselves. */
final class FakeNode implements ServiceProxy {
    static final IpAddress OWN = IpAddress.of("192.168.1.10");

    private final String mode;
    private final Map<AddressPort, Does> rules =
            new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));

    FakeNode(String mode) {
        this.mode = mode;
    }

    /** What happens to packets: to endpoints with shares in hundredths, or one outcome for all. */
    private record Does(
            List<String> endpoints,
            List<Integer> shares,
            Option<ProxyOutcome> all,
            boolean masquerade,
            int affinity,
            String chain) {}

    FakeNode sends(String vip, String... endpoints) {
        return put(vip, List.of(endpoints), List.of(), Option.none(), false, 0, "KUBE-SVC-A");
    }

    FakeNode sendsUnevenly(String vip, List<Integer> shares, String... endpoints) {
        return put(vip, List.of(endpoints), shares, Option.none(), false, 0, "KUBE-SVC-A");
    }

    FakeNode masquerades(String vip, String... endpoints) {
        return put(vip, List.of(endpoints), List.of(), Option.none(), true, 0, "KUBE-POSTROUTING");
    }

    FakeNode keepsFor(int seconds, String vip, String... endpoints) {
        return put(vip, List.of(endpoints), List.of(), Option.none(), false, seconds, "KUBE-SVC-A");
    }

    FakeNode answers(String vip, ProxyOutcome outcome) {
        return put(vip, List.of(), List.of(), Option.some(outcome), false, 0, "KUBE-SERVICES");
    }

    private FakeNode put(
            String vip,
            List<String> endpoints,
            List<Integer> shares,
            Option<ProxyOutcome> all,
            boolean masquerade,
            int affinity,
            String chain) {
        rules.put(AddressPort.parse(vip).get(), new Does(endpoints, shares, all, masquerade, affinity, chain));
        return this;
    }

    NodePlane plane() {
        return NodePlane.builder()
                .node("n1")
                .mode(Option.some(mode))
                .proxy(Option.some(this))
                .localAddresses(Vector.of(OWN))
                .build();
    }

    @Override
    public String mode() {
        return mode;
    }

    @Override
    public ProxyVerdict route(Packet packet, Arrival arrival) {
        Does does = rules.get(packet.to());
        return does == null || packet.protocol() != Protocol.TCP ? untouched() : verdict(does, packet.source());
    }

    private static ProxyVerdict untouched() {
        return ProxyVerdict.builder()
                .branches(Vector.of(branch(new ProxyOutcome.Untouched(), Share.all(), false, "")))
                .build();
    }

    private static ProxyVerdict verdict(Does does, IpAddress source) {
        if (does.all().isDefined()) {
            return ProxyVerdict.builder()
                    .branches(Vector.of(branch(does.all().get(), Share.all(), false, does.chain())))
                    .build();
        }
        List<ProxyBranch> branches = new ArrayList<>();
        for (int i = 0; i < does.endpoints().size(); i++) {
            AddressPort to = AddressPort.parse(does.endpoints().get(i)).get();
            Share share = does.shares().isEmpty()
                    ? Share.of(1, does.endpoints().size())
                    : Share.of(does.shares().get(i), 100);
            branches.add(branch(
                    new ProxyOutcome.ToEndpoint(to),
                    share,
                    does.masquerade() || to.address().equals(source),
                    does.chain()));
        }
        return ProxyVerdict.builder()
                .branches(Vector.ofAll(branches))
                .affinitySeconds(does.affinity() == 0 ? Option.none() : Option.some(does.affinity()))
                .build();
    }

    private static ProxyBranch branch(ProxyOutcome outcome, Share share, boolean masquerade, String chain) {
        return ProxyBranch.builder()
                .outcome(outcome)
                .share(share)
                .sourceNat(masquerade ? new SourceNat.Masquerade(Vector.empty()) : SourceNat.kept())
                .trail(
                        chain.isEmpty()
                                ? Vector.empty()
                                : Vector.of(new RuleStep("nat", chain, Evidence.line("nodes/n1/rules", 1, chain))))
                .build();
    }

    @Override
    public Option<Partition> partition(Arrival arrival, boolean v6) {
        return v6 ? Option.none() : Option.some(new Cells(arrival));
    }

    private final class Cells implements Partition {
        private final Arrival arrival;

        Cells(Arrival arrival) {
            this.arrival = arrival;
        }

        @Override
        public Arrival arrival() {
            return arrival;
        }

        @Override
        public Vector<IpAddress> addresses() {
            return Vector.ofAll(rules.keySet())
                    .map(AddressPort::address)
                    .distinct()
                    .sorted();
        }

        @Override
        public Vector<Cell> cells(IpAddress address) {
            Vector<AddressPort> here =
                    Vector.ofAll(rules.keySet()).filter(to -> to.address().equals(address));
            PortSet rest = here.foldLeft(PortSet.all(), (ports, to) -> ports.minus(PortSet.of(to.port())));
            return here.flatMap(this::served)
                    .append(cell(Protocol.TCP, AddressSet.all(false), AddressSet.of(address), rest, untouched()))
                    .append(cell(
                            Protocol.UDP, AddressSet.all(false), AddressSet.of(address), PortSet.all(), untouched()))
                    .append(cell(
                            Protocol.SCTP, AddressSet.all(false), AddressSet.of(address), PortSet.all(), untouched()));
        }

        private Vector<Cell> served(AddressPort to) {
            Does does = rules.get(to);
            AddressSet rest = AddressSet.all(false);
            Vector<Cell> cells = Vector.empty();
            for (String endpoint : does == null ? List.<String>of() : does.endpoints()) {
                AddressSet one = AddressSet.of(AddressPort.parse(endpoint).get().address());
                cells = rest.intersect(one).isEmpty() ? cells : cells.append(served(to, one));
                rest = rest.minus(one);
            }
            return cells.append(served(to, rest));
        }

        private Cell served(AddressPort to, AddressSet sources) {
            Packet sample = Packet.of(Protocol.TCP, sources.ranges().head().first(), to);
            return cell(
                    Protocol.TCP, sources, AddressSet.of(to.address()), PortSet.of(to.port()), route(sample, arrival));
        }

        @Override
        public Vector<Cell> otherCells() {
            AddressSet others = AddressSet.of(false, addresses()).complement();
            return Vector.of(Protocol.values())
                    .map(protocol -> cell(protocol, AddressSet.all(false), others, PortSet.all(), untouched()));
        }

        private Cell cell(
                Protocol protocol, AddressSet sources, AddressSet destinations, PortSet ports, ProxyVerdict verdict) {
            return Cell.of(new PacketClass(protocol, sources, PortSet.range(1, 65535), destinations, ports), verdict);
        }
    }
}
