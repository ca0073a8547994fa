package dev.podpath.core.proxy;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.PortSet;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Partition.Cell;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Joins classes of packets to one address that differ in their sources only and have one verdict, rules and evidence included. */
public final class JoinedCells {
    private JoinedCells() {}

    private record Key(Protocol protocol, PortSet sourcePorts, AddressSet destinations, PortSet ports, Ends ends) {
        static Key of(Cell cell) {
            PacketClass packets = cell.packets();
            return new Key(
                    packets.protocol(),
                    packets.sourcePorts(),
                    packets.destinations(),
                    packets.destinationPorts(),
                    cell.ends());
        }
    }

    /** The same packets in fewer classes, or in as many; works out the verdicts of classes that end alike. */
    public static Vector<Cell> of(Vector<Cell> cells) {
        Map<Key, List<Cell>> alike = new LinkedHashMap<>();
        for (Cell cell : cells) {
            alike.computeIfAbsent(Key.of(cell), key -> new ArrayList<>(1)).add(cell);
        }
        List<Cell> all = new ArrayList<>(cells.size());
        alike.forEach((key, same) -> {
            if (same.size() == 1) {
                all.add(same.get(0));
            } else {
                join(key, same, all);
            }
        });
        return Vector.ofAll(all);
    }

    private static void join(Key key, List<Cell> same, List<Cell> to) {
        Map<ProxyVerdict, AddressSet> sources = new LinkedHashMap<>();
        same.forEach(cell -> sources.merge(cell.verdict(), cell.packets().sources(), AddressSet::union));
        sources.forEach((verdict, from) -> to.add(new FinishedCell(
                new PacketClass(key.protocol, from, key.sourcePorts, key.destinations, key.ports), key.ends, verdict)));
    }
}
