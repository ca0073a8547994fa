package dev.podpath.core.verify;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.intent.IntentTable;
import dev.podpath.core.intent.PortIntent;
import dev.podpath.core.intent.ServiceIntent;
import dev.podpath.core.intent.VipKind;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which service ports claim which addresses: the part of the intent that is the same on every node. */
final class VipTable {
    private static final Claim[] NONE = {};

    private final Map<IpAddress, Claim[]> byAddress = new HashMap<>();
    private final Map<Protocol, Claim[]> nodePorts4 = new HashMap<>();
    private final Map<Protocol, Claim[]> nodePorts6 = new HashMap<>();
    private final Map<ServiceKey, Integer> numbers = new HashMap<>();
    private final Set<IpAddress> others = new HashSet<>();
    private int served;

    /**
     * The claims of services.
     *
     * @param table the services
     * @param intents their intents on any node
     */
    VipTable(IntentTable table, ServiceIntent[] intents) {
        Map<Protocol, List<Claim>> ports4 = new HashMap<>();
        Map<Protocol, List<Claim>> ports6 = new HashMap<>();
        for (int service = 0; service < table.size(); service++) {
            numbers.putIfAbsent(table.service(service).key(), service);
            Vector<PortIntent> ports = intents[service].ports();
            served += ports.isEmpty() ? 0 : 1;
            if (ports.isEmpty()) {
                leave(table.service(service));
            }
            for (int port = 0; port < ports.size(); port++) {
                PortIntent intent = ports.get(port);
                addresses(table.service(service), service, port, intent);
                for (int number : intent.port().nodePort()) {
                    Claim claim = new Claim(
                            service, port, VipKind.NODE_PORT, intent.port().protocol(), number, false);
                    put(intent.isV6() ? ports6 : ports4, claim);
                }
            }
            for (int number : intents[service].healthCheckNodePort()) {
                Claim claim = new Claim(service, -1, VipKind.NODE_PORT, Protocol.TCP, number, true);
                put(ports4, claim);
                put(ports6, claim);
            }
        }
        sort(ports4, nodePorts4);
        sort(ports6, nodePorts6);
    }

    /** The addresses of a port, as {@link ServiceIntent#vips} tells them. */
    private void addresses(Service of, int service, int port, PortIntent intent) {
        ServiceIntent.clusterIp(of, intent.isV6())
                .forEach(address -> add(address, claim(service, port, VipKind.CLUSTER_IP, intent)));
        for (IpAddress address : of.externalIps()) {
            if (address.isV6() == intent.isV6()) {
                add(address, claim(service, port, VipKind.EXTERNAL_IP, intent));
            }
        }
        for (IpAddress address : of.loadBalancerIps()) {
            if (address.isV6() == intent.isV6()) {
                add(address, claim(service, port, VipKind.LOAD_BALANCER, intent));
            }
        }
    }

    private static Claim claim(int service, int port, VipKind kind, PortIntent intent) {
        return new Claim(
                service, port, kind, intent.port().protocol(), intent.port().port(), false);
    }

    private void leave(Service service) {
        service.clusterIps().forEach(others::add);
        service.externalIps().forEach(others::add);
        service.loadBalancerIps().forEach(others::add);
    }

    private void add(IpAddress address, Claim claim) {
        Claim[] known = byAddress.getOrDefault(address, NONE);
        Claim[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = claim;
        byAddress.put(address, more);
    }

    private static void put(Map<Protocol, List<Claim>> claims, Claim claim) {
        claims.computeIfAbsent(claim.protocol(), any -> new ArrayList<>()).add(claim);
    }

    private static void sort(Map<Protocol, List<Claim>> from, Map<Protocol, Claim[]> to) {
        from.forEach((protocol, claims) -> {
            claims.sort((a, b) -> Integer.compare(a.number(), b.number()));
            to.put(protocol, claims.toArray(NONE));
        });
    }

    /** The claims on an address, of every protocol; none where no service has it. */
    Claim[] claims(IpAddress address) {
        return byAddress.getOrDefault(address, NONE);
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

    /** Every address that is claimed. */
    Set<IpAddress> addresses() {
        return byAddress.keySet();
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
