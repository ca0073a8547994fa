package dev.podpath.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Likeness;
import dev.podpath.core.proxy.Partition;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Classes that are put down for an address because it is like another are those that are found when it is looked at itself. */
class LikeTemplateProperties {
    private static final int[] ASKED = {20, 53, 80, 443, 5000, 8080};

    @Property(tries = 40)
    void classesPutDownAreThoseThatAreFound(@ForAll long seed, @ForAll boolean alike) {
        Random random = new Random(seed);
        RandomNode node = new RandomNode(random, random.nextInt(3) == 0, alike);
        Map<String, String> documents = node.documents();
        IpvsProxy proxy = (IpvsProxy) Nodes.proxy(documents);
        Arrival.Kind[] ways = Arrival.Kind.values();
        Arrival arrival = Arrival.of(ways[random.nextInt(ways.length)]);
        Partition put = proxy.partition(arrival, node.v6()).get();
        Partition found = proxy.direct(arrival, node.v6()).get();
        // In another order, so that other addresses are the first of their shape.
        for (IpAddress address :
                random.nextBoolean() ? put.addresses() : put.addresses().reverse()) {
            same(classes(put.cells(address)), classes(found.cells(address)), documents);
            Option<Vector<Partition.Cell>> named = put.namedCells(address);
            assertThat(named.isDefined()).isEqualTo(found.namedCells(address).isDefined());
            named.forEach(cells ->
                    same(classes(cells), classes(found.namedCells(address).get()), documents));
            for (Packet packet : packets(node, address, put.cells(address))) {
                assertThat(proxy.ends(packet, arrival))
                        .as("%s %s%n%s", packet, arrival, documents)
                        .isEqualTo(Ends.of(proxy.route(packet, arrival)));
            }
        }
    }

    private static void same(Map<PacketClass, Ends> put, Map<PacketClass, Ends> found, Map<String, String> documents) {
        assertThat(put).as("%s", documents).isEqualTo(found);
    }

    /** From hosts that rules know and do not know, with open ports, and the corners of classes. */
    private static List<Packet> packets(RandomNode node, IpAddress to, Vector<Partition.Cell> cells) {
        List<Packet> packets = new ArrayList<>();
        for (int port : ASKED) {
            for (Protocol protocol : Protocol.values()) {
                int[] from = {0, 20, 21, 1 + node.random().nextInt(65535)};
                IpAddress sender = IpAddress.of(node.sender());
                packets.add(new Packet(protocol, sender, from[node.random().nextInt(from.length)], to, port));
            }
        }
        for (Partition.Cell cell : cells) {
            packets.add(cell.packets().sample());
        }
        return packets;
    }

    private static Map<PacketClass, Ends> classes(Vector<Partition.Cell> cells) {
        Map<PacketClass, Ends> all = new HashMap<>();
        for (Partition.Cell cell : cells) {
            assertThat(all.put(cell.packets(), cell.ends())).isNull();
        }
        return all;
    }

    @Test
    void aServerAtAnotherPlaceOfALikeAddressIsNotTakenForTheOneThere() {
        StringBuilder servers = new StringBuilder();
        StringBuilder loop = new StringBuilder("create LOOP hash:ip,port,ip family inet\n");
        int[][] pods = {{1, 2}, {2, 3}, {2, 1}, {5, 6}, {1, 2}};
        StringBuilder addresses = new StringBuilder();
        for (int vip = 0; vip < pods.length; vip++) {
            servers.append("-A -t 10.96.0.1").append(vip).append(":80 -s rr\n");
            for (int pod : pods[vip]) {
                servers.append("-a -t 10.96.0.1")
                        .append(vip)
                        .append(":80 -r 10.244.0.")
                        .append(pod);
                servers.append(":8080 -m -w 1\n");
            }
            addresses
                    .append(vip == 0 ? "" : ",")
                    .append("{\"local\":\"10.96.0.1")
                    .append(vip);
            addresses.append("\",\"prefixlen\":32}");
        }
        for (int pod = 1; pod < 7; pod++) {
            loop.append("add LOOP 10.244.0.")
                    .append(pod)
                    .append(",tcp:8080,10.244.0.")
                    .append(pod)
                    .append('\n');
        }
        Map<String, String> documents = Map.of(
                "ipvsadm-save.txt",
                servers.toString(),
                "ipset-save.txt",
                loop.toString(),
                "ip-addr.json",
                "[{\"ifname\":\"kube-ipvs0\",\"addr_info\":[" + addresses + "]}]",
                "iptables-save.txt",
                "*nat\n:POSTROUTING ACCEPT [0:0]\n"
                        + "-A POSTROUTING -m set --match-set LOOP dst,dst,src -j MASQUERADE\nCOMMIT\n");
        IpvsProxy proxy = (IpvsProxy) Nodes.proxy(documents);
        Arrival arrival = Arrival.of(Arrival.Kind.POD);
        Partition put = proxy.partition(arrival, false).get();
        Partition found = proxy.direct(arrival, false).get();
        assertThat(put.addresses().flatMap(put::likeness).map(Likeness::shape).distinct())
                .hasSize(1);
        for (IpAddress address : put.addresses()) {
            same(classes(put.cells(address)), classes(found.cells(address)), documents);
            for (Partition.Cell cell : found.cells(address)) {
                Packet packet = cell.packets().sample();
                assertThat(proxy.ends(packet, arrival)).isEqualTo(Ends.of(proxy.route(packet, arrival)));
            }
        }
    }

    /** Most addresses are like others, so that templates are put to use here. */
    @Test
    void manyAreAlike() {
        int addresses = 0;
        int shapes = 0;
        for (int seed = 0; seed < 20; seed++) {
            RandomNode node = new RandomNode(new Random(seed), seed % 3 == 0, true);
            Partition partition = Nodes.proxy(node.documents())
                    .partition(Arrival.of(Arrival.Kind.EXTERNAL), node.v6())
                    .get();
            IdentityHashMap<Object, Boolean> seen = new IdentityHashMap<>();
            for (Likeness likeness : partition.addresses().flatMap(partition::likeness)) {
                addresses++;
                shapes += seen.put(likeness.shape(), true) == null ? 1 : 0;
            }
        }
        assertThat(addresses).isGreaterThan(80);
        assertThat(shapes).isLessThan(addresses * 5 / 6);
    }
}
