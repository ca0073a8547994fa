package dev.podpath.it.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.testkit.contract.Differences;
import io.vavr.collection.Vector;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/** The classes of packets in nftables mode, for rules of any kind, against one packet after another. */
class NftPartitionProperties {
    private static final int[] PORTS = {0, 53, 79, 80, 81, 8080, 8081, 9090, 65535};
    private static final int PACKETS = 60;

    @Property(tries = 60)
    @Label("every packet is in exactly one class, and ends as the class does")
    void classes(@ForAll long seed) {
        Random random = new Random(seed);
        LikeNftRules rules = LikeNftRules.of(random);
        ServiceProxy proxy = rules.proxy();
        Arrival arrival = Arrival.of(Arrival.Kind.values()[random.nextInt(Arrival.Kind.values().length)]);
        Partition partition = proxy.partition(arrival, false).get();
        Vector<Partition.Cell> others = partition.otherCells();
        for (int i = 0; i < PACKETS; i++) {
            Packet packet = packet(rules, random);
            Vector<Partition.Cell> cells = partition.addresses().contains(packet.destination())
                    ? partition.cells(packet.destination())
                    : others;
            Vector<Partition.Cell> holding = cells.filter(cell -> cell.packets().contains(packet));
            assertThat(holding).as("classes of %s in %s", packet, rules.text()).hasSize(1);
            assertThat(Differences.of(
                            Differences.withPort(holding.head().ends(), packet.destinationPort()),
                            Differences.withPort(proxy.ends(packet, arrival), packet.destinationPort())))
                    .as("the class %s of %s in %s", holding.head().packets(), packet, rules.text())
                    .isEmpty();
        }
    }

    private static Packet packet(LikeNftRules rules, Random random) {
        Vector<IpAddress> addresses = rules.addresses();
        Protocol protocol = Protocol.values()[random.nextInt(3) == 0 ? random.nextInt(3) : 0];
        AddressPort to =
                new AddressPort(addresses.get(random.nextInt(addresses.size())), PORTS[random.nextInt(PORTS.length)]);
        IpAddress from = addresses.get(random.nextInt(addresses.size()));
        int sourcePort = random.nextBoolean() ? 999 + random.nextInt(3) : 1 + random.nextInt(65535);
        return new Packet(protocol, from, sourcePort, to.address(), to.port());
    }
}
