package dev.podpath.core.proxy;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.packet.PacketClass;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Classes of packets to addresses of which many are alike, on one way in: those of the first address of a shape are found as
 * a {@link Source} does, and put down for every other one by the law of {@link Likeness}. How a packet ends is taken from these
 * classes, too. What is remembered does not grow with the number of addresses. Safe for use from several threads.
 */
public final class LikeCells {
    /** Shapes beyond these are not remembered. */
    private static final int MOST = 512;

    private final Source source;
    /** By identity; replaced by a copy with one more. */
    private volatile IdentityHashMap<Object, LikeTemplate> templates = new IdentityHashMap<>();

    /** What a way in is asked, each address and packet by itself. */
    public interface Source {
        /** The classes of the packets to an address. */
        Vector<Partition.Cell> cells(IpAddress address);

        /** The same classes as those of others are to be put down: fewer of them where that is worth some time. */
        default Vector<Partition.Cell> pattern(Vector<Partition.Cell> cells) {
            return cells;
        }

        /** How a packet ends; empty where that takes the verdict. */
        Option<Ends> ends(Packet packet);

        /** The verdict on a class. */
        ProxyVerdict verdict(PacketClass packets);
    }

    /** Classes of one way in. */
    public LikeCells(Source source) {
        this.source = source;
    }

    /** The classes of the packets to an address. */
    public Vector<Partition.Cell> cells(IpAddress address, Option<Likeness> likeness) {
        Likeness like = likeness.getOrNull();
        if (like == null) {
            return source.cells(address);
        }
        LikeTemplate known = templates.get(like.shape());
        if (known == null && templates.size() >= MOST) {
            return source.cells(address);
        }
        known = known == null ? learn(like, address) : known;
        if (known.fits(like)) {
            return known.cells(like, address, source);
        }
        Vector<Partition.Cell> own = source.cells(address);
        // So many classes for each address of a shape, whichever was the first.
        return known.isPattern() ? source.pattern(own) : own;
    }

    /** How a packet to an address of a likeness ends; empty where that is not to be taken from its class. */
    public Option<Ends> ends(Packet packet, Likeness like) {
        LikeTemplate known = templates.get(like.shape());
        if (known == null && templates.size() >= MOST) {
            return Option.none();
        }
        if (known == null) {
            known = learn(like, packet.destination());
        }
        return known.fits(like) ? Option.of(known.ends(like, packet)) : Option.none();
    }

    private LikeTemplate learn(Likeness like, IpAddress address) {
        LikeTemplate made = LikeTemplate.of(like, address, source);
        synchronized (this) {
            @Nullable LikeTemplate known = templates.get(like.shape());
            if (known != null) {
                return known;
            }
            IdentityHashMap<Object, LikeTemplate> more = new IdentityHashMap<>(templates);
            more.put(like.shape(), made);
            templates = more;
            return made;
        }
    }
}
