package dev.podpath.aliyun.vpc;

import dev.podpath.aliyun.ecs.ClientNetwork;
import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.ecs.Instance;
import dev.podpath.aliyun.ecs.NetworkInterface;
import dev.podpath.aliyun.ecs.PrivateIp;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Where in the VPC a packet starts.
 *
 * @param vpc the VPC
 * @param vSwitch the vSwitch whose route table decides
 * @param owned whether the vSwitch's own addresses hold the source; else the packet leaves by the node's interface with a
 *     source that is none of the VPC's
 * @param networkInterface the interface that has the source address
 * @param instance the instance it is attached to, or the node's
 */
record Origin(
        Option<String> vpc,
        Option<VSwitch> vSwitch,
        boolean owned,
        Option<NetworkInterface> networkInterface,
        Option<Instance> instance) {

    static Origin of(Outbound at, Vpc vpc, Ecs ecs, ClientNetwork clients, Option<String> nodeInstance) {
        Option<String> network = clients.ofNode(at.node());
        Vector<NetworkInterface> having = ecs.interfacesAt(at.source(), network);
        Option<NetworkInterface> eni = having.size() == 1 ? having.headOption() : Option.none();
        Option<String> known = eni.flatMap(NetworkInterface::vpc).orElse(network);
        Option<VSwitch> own = eni.flatMap(NetworkInterface::vSwitch)
                .flatMap(vpc::vSwitch)
                .orElse(() -> vpc.vSwitchOf(at.source(), known));
        Option<Instance> instance =
                eni.flatMap(NetworkInterface::instance).orElse(nodeInstance).flatMap(ecs::instance);
        Option<VSwitch> ofNode = own.orElse(() -> nodeInstance
                .flatMap(ecs::primaryInterfaceOf)
                .flatMap(NetworkInterface::vSwitch)
                .orElse(() -> nodeInstance.flatMap(ecs::instance).flatMap(Instance::vSwitch))
                .flatMap(vpc::vSwitch));
        return new Origin(known.orElse(() -> ofNode.flatMap(VSwitch::vpc)), ofNode, own.isDefined(), eni, instance);
    }

    /** Whether anything of it was captured. */
    boolean isKnown() {
        return vSwitch.isDefined() || networkInterface.isDefined();
    }

    /**
     * A public address of the source itself.
     *
     * @param address the public address
     * @param evidence what shows it
     */
    record Own(IpAddress address, Evidence evidence) {}

    /** The elastic or static public address that belongs to this source address. */
    Option<Own> own(IpAddress source, Vpc vpc) {
        Option<Own> associated = networkInterface
                .flatMap(eni -> eni.find(source))
                .flatMap(PrivateIp::publicAddress)
                .map(ip -> new Own(ip, networkInterface.get().evidence(source)));
        return associated
                .orElse(() -> bound(source, vpc))
                .orElse(() -> instance.filter(i -> i.address().contains(source))
                        .flatMap(i -> i.publicAddress()
                                .map(ip -> new Own(
                                        ip, i.json().evidence("InstanceId", "EipAddress", "PublicIpAddress")))));
    }

    private Option<Own> bound(IpAddress source, Vpc vpc) {
        Vector<Eip> ofInterface = networkInterface
                .toVector()
                .flatMap(eni -> vpc.eipsOf(eni.id())
                        .filter(eip -> eip.privateAddress()
                                .orElse(() -> eni.primaryAddress().map(PrivateIp::address))
                                .contains(source)));
        Vector<Eip> ofInstance = instance.toVector()
                .flatMap(i -> vpc.eipsOf(i.id())
                        .filter(eip -> eip.privateAddress().orElse(i.address()).contains(source)));
        return ofInterface.appendAll(ofInstance).headOption().map(eip -> new Own(eip.address(), eip.evidence()));
    }
}
