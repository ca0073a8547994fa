package dev.podpath.it.verify;

import dev.podpath.core.proxy.NodePlane;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.core.trace.Decision;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.ports.plugin.Reading;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** The plane of a node, from documents somebody wrote. */
final class WrittenPlane {
    private WrittenPlane() {}

    static NodePlane of(NodeState node, ProxyModeProvider mode) {
        Reading<Either<Decision, ServiceProxy>> reading = mode.open(node);
        return NodePlane.builder()
                .node(node.name())
                .mode(Option.some(mode.id()))
                .proxy(reading.value().toOption())
                .localAddresses(node.interfaces().all().distinct())
                .uplink(Option.some("eth0"))
                .build();
    }
}
