package dev.podpath.core.proxy;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** A partition that finds the classes of one address of each shape, and puts those of the others down like them. */
public final class LikePartition implements Partition {
    private final Partition direct;
    private final LikeCells like;

    /**
     * A partition.
     *
     * @param direct finds the classes of each address by itself
     * @param like the classes of addresses that are alike, of the same way in
     */
    public LikePartition(Partition direct, LikeCells like) {
        this.direct = direct;
        this.like = like;
    }

    @Override
    public Arrival arrival() {
        return direct.arrival();
    }

    @Override
    public Vector<IpAddress> addresses() {
        return direct.addresses();
    }

    @Override
    public Vector<Cell> cells(IpAddress address) {
        return like.cells(address, direct.likeness(address));
    }

    @Override
    public Option<Vector<Cell>> namedCells(IpAddress address) {
        return direct.namedCells(address);
    }

    @Override
    public Option<Likeness> likeness(IpAddress address) {
        return direct.likeness(address);
    }

    @Override
    public Vector<Cell> otherCells() {
        return direct.otherCells();
    }
}
