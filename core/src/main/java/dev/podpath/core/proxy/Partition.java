package dev.podpath.core.proxy;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.PacketClass;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * All packets of one family that can reach a node in one way (any address, destination port 0 to 65535, source port 1 to
 * 65535, TCP, UDP and SCTP), in classes that do not overlap, and the verdict that holds for every packet of a class.
 *
 * <p>The classes come in groups: one for each address that rules name on its own, and one for all others. A group is
 * worked out when it is asked for, so that a partition of tens of thousands of services costs little until it is used.
 * Safe for use from several threads.
 */
public interface Partition {
    /** A class and its verdict. */
    interface Cell {
        /** The class. */
        PacketClass packets();

        /** How each of its packets ends; cheap, made with the cell. */
        Ends ends();

        /**
         * What becomes of each of its packets, with the reasoning; made when it is asked for. An endpoint port of 0
         * stands for the destination port the packet came with.
         */
        ProxyVerdict verdict();

        /** A cell whose verdict was worked out already. */
        static Cell of(PacketClass packets, ProxyVerdict verdict) {
            return new FinishedCell(packets, Ends.of(verdict), verdict);
        }
    }

    /** The way the packets come. */
    Arrival arrival();

    /** The addresses with a group of their own, sorted. */
    Vector<IpAddress> addresses();

    /** The classes of the packets to one of {@link #addresses()}. */
    Vector<Cell> cells(IpAddress address);

    /**
     * Those classes of {@link #cells} whose protocols and ports are named by rules together with the address, where no
     * packet to its other ports reaches an endpoint. There is less to look at then than in all cells.
     *
     * @return empty where another packet to the address may reach an endpoint, or that cannot be told
     */
    default Option<Vector<Cell>> namedCells(IpAddress address) {
        return Option.none();
    }

    /**
     * What the node does with the packets to one of {@link #addresses()}, in a form in which addresses can be compared:
     * of those that are alike only one has to be looked at.
     *
     * @return empty where that is not known
     */
    default Option<Likeness> likeness(IpAddress address) {
        return Option.none();
    }

    /** The classes of the packets to all other addresses. */
    Vector<Cell> otherCells();
}
