package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.Protocol;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The templates of one way in, by kind of shape; made of the first destination of each. Safe for use from several threads. */
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
        Template template = of(shape);
        if (template == null || template.isEmpty()) {
            return false;
        }
        template.put(partition, protocol, shape, destinations, cells);
        return true;
    }

    /** The template of the shape; null where none was learned. */
    @Nullable
    Template of(Shape shape) {
        return all.get(shape.kind().number());
    }

    /** Keeps the classes of a destination as the template of its shape, if it is the first; the template. */
    Template learn(Shape shape, Survey.Divided divided) {
        return keep(shape, Template.of(shape, divided, shapes.shared()));
    }

    /** Keeps that there is no template for a shape. */
    Template leave(Shape shape) {
        return keep(shape, Template.empty());
    }

    private Template keep(Shape shape, Template made) {
        Template first = all.compareAndExchange(shape.kind().number(), null, made);
        return first == null ? made : first;
    }
}
