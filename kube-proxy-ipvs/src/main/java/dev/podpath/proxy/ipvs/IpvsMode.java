package dev.podpath.proxy.ipvs;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.proxy.iptables.eval.Netfilter;
import dev.podpath.proxy.ipvs.parse.IpvsText;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** The mode {@code ipvs} of kube-proxy. */
public final class IpvsMode implements ProxyModeProvider {
    /** Name of the mode. */
    static final String ID = "ipvs";

    /** Made by the ServiceLoader. */
    public IpvsMode() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "kube-proxy in IPVS mode: ipvsadm -Ln, ipvsadm-save -n or /proc/net/ip_vs, with iptables-save and ipset save"
                + " of each node";
    }

    @Override
    public Vector<FindingCode> findings() {
        return Vector.of(
                IpvsFindings.BALANCER_WITHOUT_SERVERS,
                IpvsFindings.NODE_ADDRESS_ON_DUMMY,
                IpvsFindings.SERVED_ADDRESS_REFUSED,
                IpvsFindings.REUSED_CONNECTIONS);
    }

    /** A table with a virtual server in it; kube-proxy of another mode leaves none. */
    @Override
    public Option<Evidence> detect(NodeState node) {
        return Captured.read(node)
                .value()
                .toOption()
                .map(Captured::main)
                .filter(main -> main.table().services() > 0)
                .map(IpvsMode::firstService);
    }

    private static Evidence firstService(IpvsText.Servers main) {
        return main.document().line(main.table().line(0));
    }

    @Override
    public Reading<Either<Decision, ServiceProxy>> open(NodeState node) {
        Reading<Either<Decision, Captured>> captured = Captured.read(node);
        if (captured.value().isLeft()) {
            return new Reading<>(Either.left(captured.value().getLeft()), captured.problems(), captured.reports());
        }
        Captured documents = captured.value().get();
        NodeState known = node.interfaces().captured()
                ? node
                : LocalAddresses.assumed(node, documents.main().table());
        Reading<Netfilter> netfilter = Netfilter.read(known);
        return new Reading<>(
                Either.right(new IpvsProxy(node, documents, netfilter.value())),
                captured.problems().appendAll(netfilter.problems()),
                captured.reports().appendAll(netfilter.reports()));
    }
}
