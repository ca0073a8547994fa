package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Likeness;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The templates of one way in for addresses that a balancer looks at on their own, each made of the second address of its shape
 * that is asked for. Safe for use from several threads.
 */
final class LikeTemplates {
    /** Of an address that has to be looked at itself. */
    private static final LikeTemplate NONE = LikeTemplate.empty();
    /** Of a shape that was asked for once: most shapes of a cluster without many alike are never asked for again. */
    private static final LikeTemplate ONCE = LikeTemplate.empty();
    /** Addresses of more shapes are looked at themselves. */
    private static final int MOST_SHAPES = 2048;

    private final Surveys surveys;
    private final KindClasses direct;
    private final boolean v6;
    private final Function<Packet, @Nullable Ends> alone;
    private final Map<Object, LikeTemplate> byShape = new ConcurrentHashMap<>();
    /** By number of the address. */
    private final AtomicReferenceArray<@Nullable LikeTemplate> byNumber;

    /**
     * Those of one way in, which learn from what is found in the direct way.
     *
     * @param direct the classes of an address
     * @param alone the ends of one packet
     */
    LikeTemplates(Surveys surveys, KindClasses direct, boolean v6, Function<Packet, @Nullable Ends> alone) {
        this.surveys = surveys;
        this.v6 = v6;
        this.alone = alone;
        this.direct = direct;
        this.byNumber = new AtomicReferenceArray<>(surveys.keys().addressCount());
    }

    /**
     * The classes of an address.
     *
     * @param all whether also those on ports that nothing names with it
     * @return null where they have to be found in another way
     */
    PartCell @Nullable [] cells(GroupPartition partition, int number, boolean all) {
        LikeTemplate template = of(number);
        return template.isEmpty() || !all && !template.tellsNamed()
                ? null
                : template.put(partition, surveys.balanced().known(number), all);
    }

    /** How a packet to an address ends; null where it has to be followed. */
    @Nullable
    Ends ends(int number, Packet packet) {
        LikeTemplate template = of(number);
        return template.isEmpty() ? null : template.ends(surveys.balanced().known(number), packet);
    }

    private LikeTemplate of(int number) {
        LikeTemplate found = byNumber.get(number);
        return found == null ? find(number) : found;
    }

    private LikeTemplate find(int number) {
        Likeness likeness = surveys.balanced().of(number).getOrNull();
        LikeTemplate found = likeness == null ? NONE : find(number, likeness);
        if (found != ONCE) {
            byNumber.set(number, found);
        }
        return found;
    }

    private LikeTemplate find(int number, Likeness likeness) {
        LikeTemplate found = byShape.get(likeness.shape());
        if (found == null && byShape.size() < MOST_SHAPES) {
            found = byShape.putIfAbsent(likeness.shape(), ONCE);
            if (found == null) {
                return ONCE;
            }
        }
        if (found == ONCE) {
            LikeTemplate made = learn(number, likeness);
            found = made == null ? NONE : made;
            byShape.put(likeness.shape(), found);
        }
        return found != null && found.fits(likeness) ? found : NONE;
    }

    private @Nullable LikeTemplate learn(int number, Likeness likeness) {
        List<PartCell> cells = direct.list(number, true);
        if (cells == null) {
            return null;
        }
        List<PartCell> named = direct.list(number, false);
        return LikeTemplate.of(likeness, cells, named == null ? -1 : named.size(), v6, alone);
    }
}
