package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.Protocol;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The templates of a partition, by kind of shape; made of the first destination of each. Safe for use from several threads. */
final class Templates {
    private final Shapes shapes;
    private final AtomicReferenceArray<@Nullable Template> all = new AtomicReferenceArray<>(Shapes.mostKinds());

    Templates(Shapes shapes) {
        this.shapes = shapes;
    }

    /** The shape of the rules for a destination; null where no template can be made or used. */
    @Nullable
    Shape shape(int number, Protocol protocol, int port) {
        return shapes.of(number, protocol, port);
    }

    /** Puts down the classes for a destination by the template of its shape; false where there is none. */
    boolean put(
            GroupPartition partition, Protocol protocol, Shape shape, AddressSet destinations, List<PartCell> cells) {
        Template template = all.get(shape.kind().number());
        if (template == null || template.isEmpty()) {
            return false;
        }
        template.put(partition, protocol, shape, destinations, cells);
        return true;
    }

    /** Keeps the classes of a destination as the template of its shape, if it is the first. */
    void learn(Shape shape, Survey.Divided divided) {
        int kind = shape.kind().number();
        if (all.get(kind) == null) {
            all.compareAndSet(kind, null, Template.of(shape, divided, shapes.shared()));
        }
    }
}
