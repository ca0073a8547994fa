package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Likeness;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
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
    private volatile OtherParts @Nullable [] others;

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
        OtherParts[] rest = others();
        boolean whole = surveys.keys().isWhole(number) || isLeftOut(rest, address);
        List<PartCell> cells = named(address, number, whole);
        if (cells.isEmpty()) {
            return byWalking.cells(address);
        }
        if (!whole) {
            Ranges to = Ranges.single(address.high(), address.low());
            AddressSet destinations = AddressSet.ofBounds(v6, to.bounds());
            for (Protocol protocol : PROTOCOLS) {
                Ranges wanted = surveys.keys().ports(number, protocol.number());
                rest[protocol.ordinal()].to(this, to, wanted, destinations, cells);
            }
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
        OtherParts[] rest = others();
        if (isLeftOut(rest, address)) {
            return Option.none();
        }
        for (OtherParts parts : rest) {
            if (parts.mayReachEndpoint(address)) {
                return Option.none();
            }
        }
        List<PartCell> cells = named(address, number, false);
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
        return address.isV6() == v6 ? surveys.keys().find(address.high(), address.low()) : -1;
    }

    /** The classes of the packets to an address on the ports that rules want with it; none where a survey gives up. */
    private List<PartCell> named(IpAddress address, int number, boolean whole) {
        Ranges to = Ranges.single(address.high(), address.low());
        AddressSet destinations = AddressSet.ofBounds(v6, to.bounds());
        Region all = Region.all(v6).with(Box.DESTINATION, to);
        List<PartCell> cells = new ArrayList<>(8);
        for (Protocol protocol : PROTOCOLS) {
            Ranges wanted = whole ? Region.PORTS : surveys.keys().ports(number, protocol.number());
            if (!wanted.isEmpty()) {
                Region region = all.with(Box.DESTINATION_PORT, wanted);
                Templates known = templates.getOrNull();
                Shape shape = known == null || whole || !wanted.isSingle()
                        ? null
                        : known.shape(protocol, address.high(), address.low(), (int) wanted.firstLow());
                if (known != null && shape != null && known.put(this, protocol, shape, region, destinations, cells)) {
                    continue;
                }
                Survey.Divided divided = surveys.divide(protocol, arrival(), region, false);
                if (divided == null) {
                    return List.of();
                }
                if (known != null && shape != null) {
                    known.learn(shape, divided);
                }
                for (Tree.Part part : divided.parts()) {
                    cells.add(new PartCell(this, protocol, part.region(), destinations, part.leaves(), null));
                }
            }
        }
        return cells;
    }

    @Override
    public Vector<Cell> otherCells() {
        OtherParts[] all = others();
        if (all.length == 0) {
            return byWalking.otherCells();
        }
        List<Cell> cells = new ArrayList<>();
        for (OtherParts parts : all) {
            cells.addAll(parts.cells(this, surveys.keys()));
        }
        return Vector.ofAll(cells);
    }

    /** Whether nothing is known of other addresses that holds for this one. */
    private static boolean isLeftOut(OtherParts[] rest, IpAddress address) {
        for (OtherParts parts : rest) {
            if (parts.isLeftOut(address)) {
                return true;
            }
        }
        return rest.length == 0;
    }

    /** The parts of other addresses, one for each protocol; none where they have to be found by walking. */
    private OtherParts[] others() {
        OtherParts[] made = others;
        return made == null ? makeOthers() : made;
    }

    private synchronized OtherParts[] makeOthers() {
        OtherParts[] made = others;
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
            made = all.toArray(OtherParts[]::new);
            others = made;
        }
        return made;
    }
}
