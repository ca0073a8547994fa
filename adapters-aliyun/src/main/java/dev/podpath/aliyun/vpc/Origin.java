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
 * @param instance id of the instance it is attached to, or the node's
 * @param instanceAddress the instance's primary private address
 * @param instancePublic the instance's own public address, as its document names it
 */
record Origin(
        Option<String> vpc,
        Option<VSwitch> vSwitch,
        boolean owned,
        Option<NetworkInterface> networkInterface,
        Option<String> instance,
        Option<IpAddress> instanceAddress,
        Option<Own> instancePublic) {

    static Origin of(Outbound at, Vpc vpc, Ecs ecs, ClientNetwork clients, Option<String> nodeInstance) {
        Option<String> network = clients.ofNode(at.node());
        Vector<NetworkInterface> having = ecs.interfacesAt(at.source(), network);
        Option<NetworkInterface> eni = having.size() == 1 ? having.headOption() : Option.none();
        Option<String> known = eni.flatMap(NetworkInterface::vpc).orElse(network);
        Option<VSwitch> own = eni.flatMap(NetworkInterface::vSwitch)
                .flatMap(vpc::vSwitch)
                .orElse(() -> vpc.vSwitchOf(at.source(), known));
        Option<String> instance = eni.flatMap(NetworkInterface::instance).orElse(nodeInstance);
        Option<VSwitch> ofNode = own.orElse(() -> nodeInstance
                .flatMap(ecs::primaryInterfaceOf)
                .flatMap(NetworkInterface::vSwitch)
                .orElse(() -> nodeInstance.flatMap(ecs::instance).flatMap(Instance::vSwitch))
                .flatMap(vpc::vSwitch));
        return new Origin(
                known.orElse(() -> ofNode.flatMap(VSwitch::vpc)),
                ofNode,
                own.isDefined(),
                eni,
                instance,
                instance.flatMap(ecs::addressOf),
                instance.flatMap(ecs::instance).flatMap(Origin::publicOf));
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
                .orElse(() -> instancePublic.filter(own -> instanceAddress.contains(source)));
    }

    private static Option<Own> publicOf(Instance instance) {
        return instance.publicAddress()
                .map(ip -> new Own(ip, instance.json().evidence("InstanceId", "EipAddress", "PublicIpAddress")));
    }

    private Option<Own> bound(IpAddress source, Vpc vpc) {
        Vector<Eip> ofInterface = networkInterface
                .toVector()
                .flatMap(eni -> vpc.eipsOf(eni.id())
                        .filter(eip -> eip.privateAddress()
                                .orElse(() -> eni.primaryAddress().map(PrivateIp::address))
                                .contains(source)));
        Vector<Eip> ofInstance = instance.toVector()
                .flatMap(vpc::eipsOf)
                .filter(eip -> eip.privateAddress().orElse(instanceAddress).contains(source));
        return ofInterface.appendAll(ofInstance).headOption().map(eip -> new Own(eip.address(), eip.evidence()));
    }
}
