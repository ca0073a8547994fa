package dev.podpath.aws.ec2;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.document.Responses;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Who owns which address: interfaces, instances and public addresses, indexed once. */
public final class Ec2 {
    private final boolean captured;
    private final Map<String, Instance> instances = new HashMap<>();
    private final Map<String, NetworkInterface> interfaces = new LinkedHashMap<>();
    private final Map<IpAddress, NetworkInterface> byAddress = new HashMap<>();
    private final Map<IpPrefix, NetworkInterface> byPrefix = new HashMap<>();
    private final TreeSet<Integer> prefixLengths = new TreeSet<>();
    private final Map<IpAddress, Association> publicAddresses = new HashMap<>();
    private final Map<IpAddress, IpAddress> publicOf = new HashMap<>();
    private final Map<String, List<NetworkInterface>> byLoadBalancer = new HashMap<>();
    private final Map<String, List<NetworkInterface>> byInstance = new HashMap<>();

    private Ec2(boolean captured) {
        this.captured = captured;
    }

    /** Indexes what was captured. */
    public static Ec2 of(Responses responses) {
        boolean captured = responses.captured(Operation.NETWORK_INTERFACES)
                && !responses.isTruncated(Operation.NETWORK_INTERFACES);
        Ec2 ec2 = new Ec2(captured);
        responses
                .items(Operation.INSTANCES)
                .flatMap(reservation -> reservation.items("Instances"))
                .map(Instance::new)
                .forEach(instance -> ec2.instances.putIfAbsent(instance.id(), instance));
        responses
                .items(Operation.NETWORK_INTERFACES)
                .map(json -> new NetworkInterface(json, Option.none()))
                .forEach(ec2::add);
        ec2.instances.values().forEach(instance -> instance.interfaces().forEach(ec2::add));
        responses.items(Operation.ADDRESSES).forEach(ec2::addElastic);
        return ec2;
    }

    /** Whether all network interfaces were captured, so that an address of none is nobody's. */
    public boolean isCaptured() {
        return captured;
    }

    /** The interface that has this private address, or the prefix it is in. */
    public Option<NetworkInterface> interfaceAt(IpAddress address) {
        NetworkInterface exact = byAddress.get(address);
        if (exact != null) {
            return Option.some(exact);
        }
        for (int length : prefixLengths.descendingSet()) {
            if (length <= address.bits()) {
                NetworkInterface found = byPrefix.get(new IpPrefix(address, length));
                if (found != null) {
                    return Option.some(found);
                }
            }
        }
        return Option.none();
    }

    /** The instance of this id. */
    public Option<Instance> instance(String id) {
        return Option.of(instances.get(id));
    }

    /** The instance's own address, by which targets registered by instance id are reached. */
    public Option<IpAddress> addressOf(String instanceId) {
        return instance(instanceId)
                .flatMap(Instance::privateAddress)
                .orElse(() -> Vector.ofAll(byInstance.getOrDefault(instanceId, List.of()))
                        .sortBy(eni ->
                                eni.json().integer("Attachment", "DeviceIndex").getOrElse(Integer.MAX_VALUE))
                        .flatMap(NetworkInterface::addresses)
                        .find(NetworkInterface.Assigned::primary)
                        .map(NetworkInterface.Assigned::address));
    }

    /** The instance that an address belongs to. */
    public Option<String> instanceAt(IpAddress address) {
        return interfaceAt(address).flatMap(NetworkInterface::instanceId);
    }

    /** Whose a public address is. */
    public Option<PublicAddress> publicAddress(IpAddress address) {
        return Option.of(publicAddresses.get(address))
                .map(association -> new PublicAddress(
                        address,
                        association.privateAddress(),
                        association.json().evidence()));
    }

    /** The public address that stands for a private one. */
    public Option<IpAddress> publicOf(IpAddress privateAddress) {
        return Option.of(publicOf.get(privateAddress));
    }

    /** The interfaces of a load balancer, by {@code app/NAME/ID}, {@code net/NAME/ID} or a classic one's name. */
    public Vector<NetworkInterface> ofLoadBalancer(String path) {
        return Vector.ofAll(byLoadBalancer.getOrDefault(path, List.of()));
    }

    /** Every interface of every load balancer. */
    Vector<NetworkInterface> ofLoadBalancers() {
        return Vector.ofAll(byLoadBalancer.values()).flatMap(Vector::ofAll);
    }

    /**
     * What rules see of an address: the security groups of its interface. A public address has none, because references
     * to groups match private addresses only.
     */
    public Peer peer(IpAddress address) {
        Option<NetworkInterface> eni = interfaceAt(address);
        Option<Vector<String>> groups = eni.isEmpty() && address.isPublic()
                ? Option.some(Vector.empty())
                : eni.flatMap(NetworkInterface::securityGroups);
        return new Peer(Vector.of(address), groups);
    }

    private void add(NetworkInterface eni) {
        if (interfaces.putIfAbsent(eni.id(), eni) != null) {
            return;
        }
        for (NetworkInterface.Assigned assigned : eni.addresses()) {
            byAddress.putIfAbsent(assigned.address(), eni);
            assigned.publicAddress()
                    .forEach(address -> associate(address, Option.some(assigned.address()), assigned.json()));
        }
        for (IpPrefix prefix : eni.prefixes()) {
            byPrefix.putIfAbsent(prefix, eni);
            prefixLengths.add(prefix.length());
        }
        eni.loadBalancer().forEach(path -> put(byLoadBalancer, path, eni));
        eni.instanceId().forEach(id -> put(byInstance, id, eni));
    }

    private void addElastic(Json json) {
        json.text("PublicIp")
                .flatMap(IpAddress::parse)
                .forEach(address ->
                        associate(address, json.text("PrivateIpAddress").flatMap(IpAddress::parse), json));
    }

    private void associate(IpAddress address, Option<IpAddress> privateAddress, Json json) {
        publicAddresses.putIfAbsent(address, new Association(privateAddress, json));
        privateAddress.forEach(inside -> publicOf.putIfAbsent(inside, address));
    }

    private static void put(Map<String, List<NetworkInterface>> map, String key, NetworkInterface eni) {
        map.computeIfAbsent(key, k -> new ArrayList<>(2)).add(eni);
    }

    private record Association(Option<IpAddress> privateAddress, Json json) {}
}
