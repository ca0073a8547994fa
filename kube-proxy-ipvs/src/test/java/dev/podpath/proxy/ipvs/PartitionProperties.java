package dev.podpath.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The classes of a node in IPVS mode are disjoint and complete, and each has the verdict of its packets. */
class PartitionProperties {
    private static final String ADDRESSES = """
            [{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8}]},
             {"ifname":"eth0","addr_info":[{"local":"192.168.50.1","prefixlen":24}]},
             {"ifname":"kube-ipvs0","addr_info":[{"local":"10.96.0.10","prefixlen":32},{"local":"10.96.0.11","prefixlen":32},
              {"local":"10.96.0.12","prefixlen":32}]}]
            """;
    private static final String RULES = """
            *filter
            :INPUT ACCEPT [0:0]
            :KUBE-IPVS-FILTER - [0:0]
            -A INPUT -j KUBE-IPVS-FILTER
            -A KUBE-IPVS-FILTER -m set --match-set KUBE-CLUSTER-IP dst,dst -j RETURN
            -A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst -j REJECT --reject-with icmp-port-unreachable
            COMMIT
            *nat
            :PREROUTING ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            :KUBE-MARK-MASQ - [0:0]
            -A PREROUTING ! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ
            -A OUTPUT ! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ
            -A POSTROUTING -m set --match-set KUBE-LOOP-BACK dst,dst,src -j MASQUERADE
            -A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE
            -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
            COMMIT
            """;
    private static final String SETS = """
            create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536
            add KUBE-CLUSTER-IP 10.96.0.10,tcp:80
            add KUBE-CLUSTER-IP 10.96.0.11,tcp:443
            create KUBE-LOOP-BACK hash:ip,port,ip family inet hashsize 1024 maxelem 65536
            add KUBE-LOOP-BACK 10.244.0.11,tcp:8080,10.244.0.11
            create KUBE-IPVS-IPS hash:ip family inet hashsize 1024 maxelem 65536
            add KUBE-IPVS-IPS 10.96.0.10
            add KUBE-IPVS-IPS 10.96.0.11
            """;
    private static final String[] SCHEDULERS = {"rr", "wrr", "lc", "fo", "dh", "sh", "mh", "rr -p 60"};
    private static final String[] HOSTS = {
        "10.96.0.10",
        "10.96.0.11",
        "10.96.0.12",
        "10.96.0.13",
        "192.168.50.1",
        "192.168.50.2",
        "10.244.0.11",
        "198.51.100.7",
        "127.0.0.1"
    };
    private static final int[] PORTS = {80, 443, 8080, 30080, 20, 22, 1, 65535};

    @Property(tries = 12)
    void everyPacketIsInOneClassWithItsVerdict(@ForAll long seed) {
        Random random = new Random(seed);
        ServiceProxy proxy = Nodes.proxy(HashMap.of(
                        "ipvsadm-save.txt",
                        table(random),
                        "ip-addr.json",
                        ADDRESSES,
                        "iptables-save.txt",
                        RULES,
                        "ipset-save.txt",
                        SETS)
                .toJavaMap());
        Arrival arrival = Arrival.of(Arrival.Kind.values()[random.nextInt(Arrival.Kind.values().length)]);
        Partition partition = proxy.partition(arrival, false).get();
        Vector<Partition.Cell> others = partition.otherCells();
        Map<IpAddress, Vector<Partition.Cell>> groups = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            Packet packet = new Packet(
                    Protocol.values()[random.nextInt(3)],
                    IpAddress.of(HOSTS[random.nextInt(HOSTS.length)]),
                    random.nextBoolean() ? PORTS[random.nextInt(PORTS.length)] : 1 + random.nextInt(65535),
                    IpAddress.of(HOSTS[random.nextInt(HOSTS.length)]),
                    random.nextBoolean() ? PORTS[random.nextInt(PORTS.length)] : random.nextInt(65536));
            Vector<Partition.Cell> cells = partition.addresses().contains(packet.destination())
                    ? groups.computeIfAbsent(packet.destination(), partition::cells)
                    : others;
            Vector<Partition.Cell> holding = cells.filter(cell -> cell.packets().contains(packet));
            assertThat(holding).as("%s of %s", packet, cells.size()).hasSize(1);
            ProxyVerdict alone = proxy.route(packet, arrival);
            same(packet, alone, holding.head());
            assertThat(proxy.ends(packet, arrival)).as("%s", packet).isEqualTo(Ends.of(alone));
        }
    }

    /** A class whose server depends on the source holds every server it can be. */
    private static void same(Packet packet, ProxyVerdict alone, Partition.Cell cell) {
        boolean hashed =
                cell.verdict().branches().exists(branch -> branch.conditions().contains("depends on the source"));
        Vector<String> ways = Nodes.ways(cell.verdict());
        if (hashed) {
            // Which sources get which server is not told apart, so no server has a share of the class.
            for (int end = 0; end < cell.ends().count(); end++) {
                assertThat(cell.ends().share(end)).isNaN();
            }
            assertThat(ways.map(PartitionProperties::end))
                    .containsAll(Nodes.ways(alone).map(PartitionProperties::end));
        } else {
            assertThat(cell.verdict()).as("%s in %s", packet, cell.packets()).isEqualTo(alone);
        }
    }

    private static String end(String way) {
        return way.substring(way.indexOf(' ') + 1);
    }

    private static String table(Random random) {
        StringBuilder text = new StringBuilder();
        for (String service : new String[] {
            "-t 10.96.0.10:80", "-t 10.96.0.11:443", "-u 10.96.0.11:53", "-t 10.96.0.12:80", "-t 192.168.50.1:30080"
        }) {
            if (random.nextInt(8) == 0) {
                continue;
            }
            text.append("-A ")
                    .append(service)
                    .append(" -s ")
                    .append(SCHEDULERS[random.nextInt(SCHEDULERS.length)])
                    .append('\n');
            for (int i = 0; i < random.nextInt(4); i++) {
                AddressPort server =
                        AddressPort.parse("10.244.0.1" + (1 + i) + ":8080").get();
                text.append("-a ")
                        .append(service)
                        .append(" -r ")
                        .append(server)
                        .append(" -m -w ")
                        .append(random.nextInt(3))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
