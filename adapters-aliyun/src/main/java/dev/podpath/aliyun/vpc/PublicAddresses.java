package dev.podpath.aliyun.vpc;

import dev.podpath.aliyun.alb.Balancers;
import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.ecs.Instance;
import dev.podpath.aliyun.ecs.NetworkInterface;
import dev.podpath.aliyun.ecs.PrivateIp;
import dev.podpath.aliyun.hop.AddressBook;
import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.slb.LoadBalancer;
import dev.podpath.aliyun.slb.Slb;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/** The public addresses of load balancers, elastic addresses, instances and interfaces. */
final class PublicAddresses implements AddressBook {
    private final Vpc vpc;
    private final Slb slb;
    private final Balancers balancers;
    private final Map<IpAddress, Instance> instances = new HashMap<>();
    private final Map<IpAddress, NetworkInterface> interfaces = new HashMap<>();

    PublicAddresses(Vpc vpc, Slb slb, Ecs ecs, Balancers balancers) {
        this.balancers = balancers;
        this.vpc = vpc;
        this.slb = slb;
        ecs.instances().forEach(i -> i.publicAddress().forEach(address -> instances.putIfAbsent(address, i)));
        ecs.interfaces()
                .forEach(eni -> eni.addresses()
                        .flatMap(PrivateIp::publicAddress)
                        .forEach(address -> interfaces.putIfAbsent(address, eni)));
    }

    @Override
    public Option<Evidence> owner(IpAddress address) {
        return slb.at(address)
                .map(LoadBalancer::evidence)
                .orElse(() -> balancers.owner(address))
                .orElse(() -> vpc.eip(address).map(Eip::evidence))
                .orElse(() -> instance(address).map(Instance::evidence))
                .orElse(() -> networkInterface(address).map(NetworkInterface::evidence));
    }

    /** The instance that has it as its elastic or static public address. */
    Option<Instance> instance(IpAddress address) {
        return Option.of(instances.get(address));
    }

    /** The network interface one of whose addresses is associated with it. */
    Option<NetworkInterface> networkInterface(IpAddress address) {
        return Option.of(interfaces.get(address));
    }

    @Override
    public boolean isWhole() {
        return vpc.responses().isWhole(Api.LOAD_BALANCERS) && vpc.responses().isWhole(Api.EIPS);
    }

    @Override
    public boolean hasLoadBalancers() {
        return !slb.loadBalancers().isEmpty() || !balancers.isEmpty();
    }
}
