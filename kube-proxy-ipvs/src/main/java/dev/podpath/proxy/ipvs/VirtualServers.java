package dev.podpath.proxy.ipvs;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** The virtual servers of a node, each put together when it is first asked for. */
final class VirtualServers {
    private final Captured captured;
    private final AtomicReferenceArray<VirtualServer> known;

    VirtualServers(Captured captured) {
        this.captured = captured;
        this.known = new AtomicReferenceArray<>(captured.main().table().services());
    }

    /** A virtual server by its number in the main document. */
    VirtualServer get(int service) {
        VirtualServer found = known.get(service);
        if (found == null) {
            found = VirtualServer.of(captured, service);
            known.set(service, found);
        }
        return found;
    }
}
