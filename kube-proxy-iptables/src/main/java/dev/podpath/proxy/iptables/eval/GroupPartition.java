package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Likeness;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.walk.Box;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The partition by surveys. A packet to an address that rules name on its own goes the way of one to any other address
 * unless its protocol and port are those a rule wants with that address: so only these are surveyed for each address, and
 * all else is taken from the parts of the other addresses. Where a survey gives up, the group is divided by walking.
 */
final class GroupPartition implements Partition {
    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final Surveys surveys;
    private final RulePartition byWalking;
    private final Option<Templates> templates;
    private final Function<PacketClass, ProxyVerdict> verdict;
    private final boolean v6;
    private final KindClasses byKind;
    private volatile @Nullable Others others;

    /**
     * A partition.
     *
     * @param templates to put down the classes of groups like others; empty where each group is surveyed
     * @param verdict works out the verdict of a class
     */
    GroupPartition(
            Surveys surveys,
            RulePartition byWalking,
            Option<Templates> templates,
            boolean v6,
            Function<PacketClass, ProxyVerdict> verdict) {
        this.templates = templates;
        this.surveys = surveys;
        this.byWalking = byWalking;
        this.v6 = v6;
        this.verdict = verdict;
        this.byKind = new KindClasses(this, surveys, byWalking.arrival());
    }

    /**
     * What is known of other addresses.
     *
     * @param parts one for each protocol; none where they have to be found by walking
     * @param leftOut numbers of the named addresses of which none of these holds
     */
    private record Others(List<OtherParts> parts, BitSet leftOut) {
        boolean isTold(int number) {
            return !parts.isEmpty() && !leftOut.get(number);
        }
    }

    boolean isV6() {
        return v6;
    }

    ProxyVerdict verdict(PacketClass packets) {
        return verdict.apply(packets);
    }

    @Override
    public Arrival arrival() {
        return byWalking.arrival();
    }

    @Override
    public Vector<IpAddress> addresses() {
        return byWalking.addresses();
    }

    @Override
    public Vector<Cell> cells(IpAddress address) {
        int number = number(address);
        if (number < 0) {
            return Vector.empty();
        }
        if (surveys.keys().hasAlone()) {
            Option<Vector<PartCell>> found = byKind.cells(number);
            if (found.isDefined()) {
                return Vector.narrow(found.get());
            }
        }
        Others rest = others();
        Ranges[] ports = new Ranges[PROTOCOLS.length];
        Arrays.fill(ports, Region.PORTS);
        boolean whole = surveys.keys().isWhole(number) || !rest.isTold(number);
        if (!whole) {
            ports(number, ports);
        }
        AddressSet destinations = AddressSet.of(address);
        List<PartCell> cells = named(address, number, ports, destinations);
        if (cells.isEmpty()) {
            return byWalking.cells(address);
        }
        for (int i = 0; i < PROTOCOLS.length && !whole; i++) {
            rest.parts.get(i).to(this, ports[i], destinations, cells);
        }
        return Vector.ofAll(cells);
    }

    @Override
    public Option<Vector<Cell>> namedCells(IpAddress address) {
        int number = number(address);
        if (number >= 0 && surveys.keys().hasAlone()) {
            Option<Vector<Cell>> found = byKind.named(number).map(Vector::narrow);
            if (found.isDefined()) {
                return found;
            }
        }
        if (number < 0 || surveys.keys().isWhole(number)) {
            return Option.none();
        }
        Others rest = others();
        if (!rest.isTold(number)) {
            return Option.none();
        }
        for (OtherParts parts : rest.parts) {
            if (parts.mayReachEndpoint(address)) {
                return Option.none();
            }
        }
        Ranges[] ports = new Ranges[PROTOCOLS.length];
        ports(number, ports);
        List<PartCell> cells = named(address, number, ports, AddressSet.of(address));
        return cells.isEmpty() ? Option.none() : Option.some(Vector.ofAll(cells));
    }

    @Override
    public Option<Likeness> likeness(IpAddress address) {
        int number = number(address);
        if (number >= 0 && surveys.keys().hasAlone()) {
            return surveys.balanced().of(number);
        }
        return number < 0 || surveys.keys().isWhole(number)
                ? Option.none()
                : surveys.alike().flatMap(alike -> alike.of(number));
    }

    private int number(IpAddress address) {
        return address.isV6() == v6 ? surveys.keys().number(address.high(), address.low()) : -1;
    }

    /** The ports that rules want with an address, for each protocol. */
    private void ports(int number, Ranges[] to) {
        for (Protocol protocol : PROTOCOLS) {
            to[protocol.ordinal()] = surveys.keys().ports(number, protocol.number());
        }
    }

    /**
     * The classes of the packets to an address on some ports; none where a survey gives up.
     *
     * @param ports of each protocol
     */
    private List<PartCell> named(IpAddress address, int number, Ranges[] ports, AddressSet destinations) {
        List<PartCell> cells = new ArrayList<>(16);
        Templates known = templates.getOrNull();
        for (Protocol protocol : PROTOCOLS) {
            Ranges wanted = ports[protocol.ordinal()];
            if (wanted.isEmpty()) {
                continue;
            }
            Shape shape =
                    known == null || !wanted.isSingle() ? null : known.shape(number, protocol, (int) wanted.firstLow());
            if (known != null && shape != null && known.put(this, protocol, shape, destinations, cells)) {
                continue;
            }
            Region region = Region.all(v6)
                    .with(Box.DESTINATION, Ranges.single(address.high(), address.low()))
                    .with(Box.DESTINATION_PORT, wanted);
            Survey.Divided divided = surveys.divide(protocol, arrival(), region, false);
            if (divided == null) {
                return List.of();
            }
            if (known != null && shape != null) {
                known.learn(shape, divided);
            }
            for (Tree.Part part : divided.parts()) {
                cells.add(cell(protocol, part, destinations));
            }
        }
        return cells;
    }

    /** The class of the packets of a part, which go to some addresses. */
    PartCell cell(Protocol protocol, Tree.Part part, AddressSet destinations) {
        Region region = part.region();
        PacketClass packets = new PacketClass(
                protocol,
                AddressSet.ofBounds(v6, region.field(Box.SOURCE).bounds()),
                PartCell.ports(region.field(Box.SOURCE_PORT)),
                destinations,
                PartCell.ports(region.field(Box.DESTINATION_PORT)));
        return new PartCell(this, packets, part.leaves(), null);
    }

    @Override
    public Vector<Cell> otherCells() {
        List<OtherParts> all = others().parts;
        if (all.isEmpty()) {
            return byWalking.otherCells();
        }
        List<Cell> cells = new ArrayList<>();
        Map<AddressSet, AddressSet> others = new HashMap<>();
        for (OtherParts parts : all) {
            cells.addAll(parts.cells(this, surveys.keys(), others));
        }
        return Vector.ofAll(cells);
    }

    private Others others() {
        Others made = others;
        return made == null ? makeOthers() : made;
    }

    private synchronized Others makeOthers() {
        Others made = others;
        if (made == null) {
            List<OtherParts> all = new ArrayList<>();
            for (Protocol protocol : PROTOCOLS) {
                Survey.Divided divided = surveys.divide(protocol, arrival(), Region.all(v6), true);
                if (divided == null) {
                    all.clear();
                    break;
                }
                all.add(new OtherParts(protocol, divided, v6));
            }
            BitSet leftOut = new BitSet();
            all.forEach(
                    parts -> parts.leftOut().forEach(ranges -> surveys.keys().numbers(ranges, leftOut)));
            made = new Others(List.copyOf(all), leftOut);
            others = made;
        }
        return made;
    }
}
