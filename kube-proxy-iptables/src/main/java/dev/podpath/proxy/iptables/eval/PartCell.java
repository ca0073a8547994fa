package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.PortSet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.walk.Box;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A class that a survey found; its ends and its verdict are made when they are asked for. */
final class PartCell implements Partition.Cell {
    private static final PortSet SOURCE_PORTS = PortSet.range(1, 65535);

    private final GroupPartition partition;
    private final PacketClass packets;
    private final List<Path> leaves;
    private @Nullable Ends ends;

    PartCell(GroupPartition partition, PacketClass packets, List<Path> leaves, @Nullable Ends ends) {
        this.partition = partition;
        this.packets = packets;
        this.leaves = leaves;
        this.ends = ends;
    }

    @Override
    public PacketClass packets() {
        return packets;
    }

    static PortSet ports(Ranges ranges) {
        if (ranges == Region.SOURCE_PORTS) {
            return SOURCE_PORTS;
        }
        long[] bounds = ranges.bounds();
        int[] ports = new int[bounds.length / 2];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = (int) bounds[2 * i + 1];
        }
        return PortSet.ofBounds(ports);
    }

    /** The port that all packets of a region go to; 0 where they go to several. */
    static int port(Region region) {
        Ranges ports = region.field(Box.DESTINATION_PORT);
        return ports.isSingle() ? (int) ports.firstLow() : 0;
    }

    @Override
    public Ends ends() {
        Ends made = ends;
        if (made == null) {
            PortSet ports = packets.destinationPorts();
            int port = ports.isSingle() ? ports.first() : 0;
            made = LeafEnds.isTold(leaves) ? LeafEnds.of(leaves, partition.isV6(), port) : null;
            made = made == null ? Ends.of(verdict()) : made;
            ends = made;
        }
        return made;
    }

    @Override
    public ProxyVerdict verdict() {
        return partition.verdict(packets);
    }
}
