package dev.podpath.proxy.iptables;

import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.proxy.iptables.eval.Netfilter;
import io.vavr.control.Option;

/** The service proxy of a node whose kube-proxy writes rules for the packet filter. */
final class IptablesProxy implements ServiceProxy {
    private final Netfilter netfilter;

    IptablesProxy(Netfilter netfilter) {
        this.netfilter = netfilter;
    }

    @Override
    public String mode() {
        return IptablesMode.ID;
    }

    @Override
    public ProxyVerdict route(Packet packet, Arrival arrival) {
        return netfilter.route(packet, arrival);
    }

    @Override
    public Ends ends(Packet packet, Arrival arrival) {
        return netfilter.ends(packet, arrival);
    }

    @Override
    public Option<Partition> partition(Arrival arrival, boolean v6) {
        return netfilter.partition(arrival, v6);
    }

    @Override
    public boolean isAlike(Arrival one, Arrival other, boolean v6) {
        return netfilter.isAlike(one, other, v6);
    }
}
