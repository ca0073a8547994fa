package dev.podpath.aliyun.ecs;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The captured instances and network interfaces, indexed by address and id. */
public final class Ecs {
    private final Map<String, Instance> instances = new HashMap<>();
    private final Map<String, NetworkInterface> interfaces = new HashMap<>();
    private final Map<IpAddress, List<NetworkInterface>> byAddress = new HashMap<>();
    private final Map<IpAddress, List<Instance>> instancesByAddress = new HashMap<>();
    private final Map<String, NetworkInterface> primaryByInstance = new HashMap<>();
    private final List<NetworkInterface> withPrefixes = new ArrayList<>();

    /** Indexes what was captured. */
    public Ecs(Responses responses) {
        responses
                .items(Api.INSTANCES)
                .map(Instance::of)
                .forEach(instance -> instances.putIfAbsent(instance.id(), instance));
        responses
                .items(Api.NETWORK_INTERFACES)
                .map(NetworkInterface::of)
                .filter(eni -> interfaces.putIfAbsent(eni.id(), eni) == null)
                .forEach(this::index);
        instances
                .values()
                .forEach(instance -> instance.address()
                        .forEach(address -> instancesByAddress
                                .computeIfAbsent(address, a -> new ArrayList<>(1))
                                .add(instance)));
    }

    private void index(NetworkInterface eni) {
        eni.addresses()
                .map(PrivateIp::address)
                .distinct()
                .forEach(address -> byAddress
                        .computeIfAbsent(address, a -> new ArrayList<>(1))
                        .add(eni));
        if (eni.primary()) {
            eni.instance().forEach(id -> primaryByInstance.putIfAbsent(id, eni));
        }
        if (!eni.prefixes().isEmpty()) {
            withPrefixes.add(eni);
        }
    }

    /** The instance with this id. */
    public Option<Instance> instance(String id) {
        return Option.of(instances.get(id));
    }

    /** The network interface with this id. */
    public Option<NetworkInterface> networkInterface(String id) {
        return Option.of(interfaces.get(id));
    }

    /** Network interfaces with this private address in a VPC; in any where the VPC is not known. */
    public Vector<NetworkInterface> interfacesAt(IpAddress address, Option<String> vpc) {
        Vector<NetworkInterface> exact = Vector.ofAll(byAddress.getOrDefault(address, List.of()));
        Vector<NetworkInterface> all = exact.isEmpty()
                ? Vector.ofAll(withPrefixes).filter(eni -> eni.prefixes().exists(prefix -> prefix.contains(address)))
                : exact;
        return all.filter(eni -> agrees(eni.vpc(), vpc));
    }

    /** Instances with this primary private address in a VPC; in any where the VPC is not known. */
    public Vector<Instance> instancesAt(IpAddress address, Option<String> vpc) {
        return Vector.ofAll(instancesByAddress.getOrDefault(address, List.of()))
                .filter(instance -> agrees(instance.vpc(), vpc));
    }

    /** The primary private address of an instance. */
    public Option<IpAddress> addressOf(String instance) {
        return instance(instance)
                .flatMap(Instance::address)
                .orElse(() -> primaryInterfaceOf(instance)
                        .flatMap(NetworkInterface::primaryAddress)
                        .map(PrivateIp::address));
    }

    /** The VPC of an instance. */
    public Option<String> vpcOf(String instance) {
        return instance(instance)
                .flatMap(Instance::vpc)
                .orElse(() -> primaryInterfaceOf(instance).flatMap(NetworkInterface::vpc));
    }

    /** The primary network interface of an instance. */
    public Option<NetworkInterface> primaryInterfaceOf(String instance) {
        return Option.of(primaryByInstance.get(instance));
    }

    /** All instances. */
    public Vector<Instance> instances() {
        return Vector.ofAll(instances.values()).sortBy(Instance::id);
    }

    /** All network interfaces. */
    public Vector<NetworkInterface> interfaces() {
        return Vector.ofAll(interfaces.values()).sortBy(NetworkInterface::id);
    }

    private static boolean agrees(Option<String> one, Option<String> other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }
}
