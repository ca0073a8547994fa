package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.Protocol;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The templates of a partition, by shape; made of the first destination of each. Safe for use from several threads. */
final class Templates {
    private static final int MOST = 512;

    private final boolean v6;
    private final ThreadLocal<Shape> shapes;
    private final Map<Integer, Template> byHash = new ConcurrentHashMap<>();

    Templates(SharedRules shared, IndexKeys keys, boolean v6) {
        this.v6 = v6;
        this.shapes = ThreadLocal.withInitial(() -> new Shape(shared, keys, v6));
    }

    /** The shape of the rules for a destination; null where no template can be made or used. */
    @Nullable
    Shape shape(Protocol protocol, long high, long low, int port) {
        Shape shape = shapes.get();
        return shape.read(high, low, protocol.number(), port) ? shape : null;
    }

    /** Puts down the classes for a destination by the template of its shape; false where there is none. */
    boolean put(
            GroupPartition partition,
            Protocol protocol,
            Shape shape,
            Region whole,
            AddressSet destinations,
            List<PartCell> cells) {
        Template template = byHash.get(shape.hash());
        if (template == null || template.isEmpty() || !template.isFor(shape)) {
            return false;
        }
        template.put(partition, protocol, shape, whole, destinations, cells);
        return true;
    }

    /** Keeps the classes of a destination as the template of its shape, if it is the first. */
    void learn(Shape shape, Survey.Divided divided) {
        int hash = shape.hash();
        if (byHash.size() < MOST && !byHash.containsKey(hash)) {
            byHash.put(hash, Template.of(shape, divided, v6));
        }
    }
}
