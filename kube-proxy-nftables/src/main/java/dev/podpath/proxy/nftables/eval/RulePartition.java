package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Likeness;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.walk.Box;
import dev.podpath.core.proxy.walk.BoxPartition;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The partition by walking, one statement after the other. Addresses that sets and maps name one by one are groups of their own. */
final class RulePartition implements Partition {
    /** Classes of one group; what is left beyond them is one class whose verdict is not known. */
    private static final int MOST = 400_000;

    private final NftablesRules rules;
    private final Arrival arrival;
    private final Keys keys;
    private final BoxPartition boxes;

    RulePartition(NftablesRules rules, Arrival arrival, Keys keys) {
        this.rules = rules;
        this.arrival = arrival;
        this.keys = keys;
        this.boxes = new BoxPartition(keys.isV6(), keys, MOST);
    }

    @Override
    public Arrival arrival() {
        return arrival;
    }

    @Override
    public Vector<IpAddress> addresses() {
        return boxes.addresses();
    }

    @Override
    public Vector<Cell> cells(IpAddress address) {
        return boxes.cells(address, this::follow);
    }

    @Override
    public Option<Likeness> likeness(IpAddress address) {
        int number = keys.number(address);
        return number < 0 ? Option.none() : rules.alike(keys.isV6()).flatMap(alike -> alike.of(number));
    }

    @Override
    public Vector<Cell> otherCells() {
        return boxes.otherCells(this::follow);
    }

    private Cell follow(Protocol protocol, Packet sample, Box same, boolean single) {
        Ends ends = rules.ends(sample, arrival, rules.recorder(same, keys));
        return new RuleCell(protocol, same, single, sample, ends);
    }

    /** A class whose set of packets and verdict are made when they are asked for. */
    private final class RuleCell implements Cell {
        private final Protocol protocol;
        private final Box box;
        private final boolean single;
        private final Packet sample;
        private final Ends ends;

        RuleCell(Protocol protocol, Box box, boolean single, Packet sample, Ends ends) {
            this.protocol = protocol;
            this.box = box;
            this.single = single;
            this.sample = sample;
            this.ends = ends;
        }

        @Override
        public PacketClass packets() {
            return boxes.packets(protocol, box, single);
        }

        @Override
        public Ends ends() {
            return ends;
        }

        @Override
        public ProxyVerdict verdict() {
            return rules.verdict(sample, arrival, !box.isSingle(Box.DESTINATION_PORT));
        }
    }
}
