package dev.podpath.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What is found once for all addresses of a kind is what is found for each on its own: the classes of each address hold every
 * packet once, and end as that packet does when it is followed alone.
 */
class AddressKindProperties {
    private static final int[] ASKED = {0, 20, 21, 53, 80, 443, 5000, 8080, 9090, 65535};

    @Property(tries = 15)
    void classesOfEachAddressAreThoseOfItsPackets(@ForAll long seed) {
        RandomNode plan = new RandomNode(new Random(seed), new Random(seed).nextInt(3) == 0, false);
        ServiceProxy proxy = Nodes.proxy(plan.documents());
        Arrival.Kind[] ways = Arrival.Kind.values();
        Arrival arrival = Arrival.of(ways[plan.random().nextInt(ways.length)]);
        Partition partition = proxy.partition(arrival, plan.v6()).get();
        for (IpAddress address : partition.addresses()) {
            Vector<Partition.Cell> cells = partition.cells(address);
            Option<Vector<Partition.Cell>> named = partition.namedCells(address);
            for (Protocol protocol : Protocol.values()) {
                for (int port : ASKED) {
                    Packet packet = new Packet(
                            protocol,
                            IpAddress.of(plan.some(plan.pod(11), plan.elsewhere(), plan.nodeAddress(), plan.vip())),
                            plan.chance(4) ? 20 : 1 + plan.random().nextInt(65535),
                            address,
                            port);
                    check(proxy, arrival, packet, cells, named);
                }
            }
        }
    }

    private static void check(
            ServiceProxy proxy,
            Arrival arrival,
            Packet packet,
            Vector<Partition.Cell> cells,
            Option<Vector<Partition.Cell>> named) {
        Vector<Partition.Cell> holding = cells.filter(cell -> cell.packets().contains(packet));
        assertThat(holding).as("%s", packet).hasSize(1);
        if (holding.head().verdict().branches().exists(branch -> isFtp(branch, packet))) {
            return;
        }
        ProxyVerdict alone = proxy.route(packet, arrival);
        assertThat(holding.head().verdict().branches())
                .as("%s in %s", packet, holding.head().packets())
                .isEqualTo(alone.branches());
        Ends ends = Ends.of(alone);
        assertThat(holding.head().ends()).as("%s", packet).isEqualTo(ends);
        if (named.isDefined()) {
            Vector<Partition.Cell> among =
                    named.get().filter(cell -> cell.packets().contains(packet));
            assertThat(among.size()).isLessThanOrEqualTo(1);
            boolean reaches = false;
            for (int end = 0; end < ends.count(); end++) {
                reaches |= ends.kind(end) == Ends.Kind.ENDPOINT;
            }
            assertThat(!reaches || among.size() == 1).as("%s", packet).isTrue();
            among.forEach(cell -> assertThat(cell.ends()).as("%s", packet).isEqualTo(ends));
        }
    }

    /** A class of the port of FTP does not tell, and then says so; rules may make port 80 one that FTP takes, too. */
    private static boolean isFtp(ProxyBranch branch, Packet packet) {
        boolean taking = packet.destinationPort() == 20 || packet.sourcePort() == 20 || packet.destinationPort() == 21;
        boolean high = packet.destinationPort() >= 1024 || packet.destinationPort() == 80;
        return branch.outcome() instanceof ProxyOutcome.Unknown && (taking || high);
    }
}
