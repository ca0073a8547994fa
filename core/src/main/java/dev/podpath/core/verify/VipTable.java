package dev.podpath.core.verify;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.intent.IntentTable;
import dev.podpath.core.intent.ServiceIntent;
import dev.podpath.core.intent.VipKind;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which service ports claim which addresses: the part of the intent that is the same on every node. Immutable. */
final class VipTable {
    private static final Claim[] NONE = {};

    /** Every address that is claimed, sorted, and the claims on each. */
    private final IpAddress[] addresses;

    private final Claim[][] claims;
    private final Map<Protocol, Claim[]> nodePorts4;
    private final Map<Protocol, Claim[]> nodePorts6;
    private final Map<ServiceKey, Integer> numbers;
    private final Set<IpAddress> others = new HashSet<>();
    private int served;

    /** The claims of services. */
    VipTable(IntentTable table) {
        ClaimList claimed = new ClaimList(table.size());
        Map<Protocol, List<Claim>> ports4 = new HashMap<>();
        Map<Protocol, List<Claim>> ports6 = new HashMap<>();
        numbers = new HashMap<>(2 * table.size());
        for (int number = 0; number < table.size(); number++) {
            Service service = table.service(number);
            numbers.putIfAbsent(service.key(), number);
            if (!ServiceIntent.isServed(service)) {
                leave(service);
                continue;
            }
            served++;
            int index = 0;
            for (boolean v6 : new boolean[] {false, true}) {
                if (ServiceIntent.clusterIp(service, v6).isDefined()) {
                    for (ServicePort port : service.ports()) {
                        claim(service, number, index, port, v6, claimed, v6 ? ports6 : ports4);
                        index++;
                    }
                }
            }
            for (int health : ServiceIntent.healthCheckNodePort(service)) {
                Claim claim = new Claim(number, -1, VipKind.NODE_PORT, Protocol.TCP, health, true);
                put(ports4, claim);
                put(ports6, claim);
            }
        }
        nodePorts4 = sorted(ports4);
        nodePorts6 = sorted(ports6);
        claimed.sort();
        addresses = claimed.addresses();
        claims = claimed.claims(addresses.length);
    }

    /** The addresses of a port, as {@link ServiceIntent#vips} tells them, and its node port. */
    private static void claim(
            Service service,
            int number,
            int index,
            ServicePort port,
            boolean v6,
            ClaimList to,
            Map<Protocol, List<Claim>> nodePorts) {
        for (IpAddress address : ServiceIntent.clusterIp(service, v6)) {
            to.add(address, claim(number, index, VipKind.CLUSTER_IP, port));
        }
        for (IpAddress address : service.externalIps()) {
            if (address.isV6() == v6) {
                to.add(address, claim(number, index, VipKind.EXTERNAL_IP, port));
            }
        }
        for (IpAddress address : service.loadBalancerIps()) {
            if (address.isV6() == v6) {
                to.add(address, claim(number, index, VipKind.LOAD_BALANCER, port));
            }
        }
        for (int nodePort : port.nodePort()) {
            put(nodePorts, new Claim(number, index, VipKind.NODE_PORT, port.protocol(), nodePort, false));
        }
    }

    private static Claim claim(int service, int index, VipKind kind, ServicePort port) {
        return new Claim(service, index, kind, port.protocol(), port.port(), false);
    }

    private void leave(Service service) {
        service.clusterIps().forEach(others::add);
        service.externalIps().forEach(others::add);
        service.loadBalancerIps().forEach(others::add);
    }

    private static void put(Map<Protocol, List<Claim>> claims, Claim claim) {
        claims.computeIfAbsent(claim.protocol(), any -> new ArrayList<>()).add(claim);
    }

    private static Map<Protocol, Claim[]> sorted(Map<Protocol, List<Claim>> from) {
        Map<Protocol, Claim[]> to = new HashMap<>();
        from.forEach((protocol, claims) -> {
            claims.sort(Comparator.comparingInt(Claim::number));
            to.put(protocol, claims.toArray(NONE));
        });
        return to;
    }

    /** The claims on an address, of every protocol; none where no service has it. */
    Claim[] claims(IpAddress address) {
        int place = Arrays.binarySearch(addresses, address);
        return place < 0 ? NONE : claims[place];
    }

    /** The claims on each of some sorted addresses. */
    Claim[][] claims(IpAddress[] sorted) {
        Claim[][] found = new Claim[sorted.length][];
        int place = 0;
        for (int i = 0; i < sorted.length; i++) {
            int order = -1;
            while (place < addresses.length && (order = addresses[place].compareTo(sorted[i])) < 0) {
                place++;
            }
            found[i] = order == 0 && place < addresses.length ? claims[place] : NONE;
        }
        return found;
    }

    /** The claims on node ports of a family, sorted by number. */
    Claim[] nodePorts(Protocol protocol, boolean v6) {
        return (v6 ? nodePorts6 : nodePorts4).getOrDefault(protocol, NONE);
    }

    /** The index of the first of some claims, sorted by number, whose number is not below this one. */
    static int from(Claim[] sorted, int number) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle].number() < number) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** How many addresses are claimed. */
    int size() {
        return addresses.length;
    }

    /** Every address of a family that is claimed, sorted. */
    Vector<IpAddress> addresses(boolean v6) {
        int first = firstV6();
        return Vector.of(v6 ? Arrays.copyOfRange(addresses, first, size()) : Arrays.copyOf(addresses, first));
    }

    /** How many addresses of a family are claimed. */
    int count(boolean v6) {
        return v6 ? size() - firstV6() : firstV6();
    }

    /** Addresses of IPv4 come first. */
    private int firstV6() {
        int first = 0;
        int to = size();
        while (first < to) {
            int middle = (first + to) >>> 1;
            if (addresses[middle].isV6()) {
                to = middle;
            } else {
                first = middle + 1;
            }
        }
        return first;
    }

    /** Whether the address belongs to a service that is left to another proxy. */
    boolean isLeftToOthers(IpAddress address) {
        return others.contains(address);
    }

    /** The number of a service; negative where there is no such service. */
    int number(ServiceKey key) {
        return numbers.getOrDefault(key, -1);
    }

    /** How many services kube-proxy serves. */
    int services() {
        return served;
    }
}
