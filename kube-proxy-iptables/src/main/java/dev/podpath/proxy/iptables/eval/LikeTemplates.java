package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Likeness;
import io.vavr.control.Option;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The templates of one way in for addresses that a balancer looks at on their own, made of the first address of each shape.
 * Safe for use from several threads.
 */
final class LikeTemplates {
    private final Surveys surveys;
    private final KindClasses direct;
    private final boolean v6;
    private final Function<Packet, @Nullable Ends> alone;
    private final Map<Object, Option<LikeTemplate>> byShape = new ConcurrentHashMap<>();
    /** By number of the address; none where it has to be looked at itself. */
    private final AtomicReferenceArray<@Nullable Option<LikeTemplate>> byNumber;

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
        LikeTemplate template = of(number).getOrNull();
        return template == null || !all && !template.tellsNamed()
                ? null
                : template.put(partition, surveys.balanced().known(number), all);
    }

    /** How a packet to an address ends; null where it has to be followed. */
    @Nullable
    Ends ends(int number, Packet packet) {
        LikeTemplate template = of(number).getOrNull();
        return template == null ? null : template.ends(surveys.balanced().known(number), packet);
    }

    private Option<LikeTemplate> of(int number) {
        Option<LikeTemplate> found = byNumber.get(number);
        if (found == null) {
            found = find(number);
            byNumber.set(number, found);
        }
        return found;
    }

    private Option<LikeTemplate> find(int number) {
        Likeness likeness = surveys.balanced().of(number).getOrNull();
        if (likeness == null) {
            return Option.none();
        }
        Option<LikeTemplate> shaped = byShape.get(likeness.shape());
        if (shaped == null) {
            shaped = Option.of(learn(number, likeness));
            Option<LikeTemplate> first = byShape.putIfAbsent(likeness.shape(), shaped);
            shaped = first == null ? shaped : first;
        }
        return shaped.filter(template -> template.fits(likeness));
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
