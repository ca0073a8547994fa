package dev.podpath.aliyun.alb;

import dev.podpath.aliyun.cluster.ServiceNames;
import dev.podpath.aliyun.slb.SlbFindings;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;

/** What the state of servers tells beside what the cluster says of the nodes and pods they are. */
final class ServerTroubles {
    private final ServiceNames names;
    private final Balancer lb;
    private final HopDraft notes;

    ServerTroubles(ServiceNames names, Balancer lb, HopDraft notes) {
        this.names = names;
        this.lb = lb;
        this.notes = notes;
    }

    /** A server that is being removed, and whose pod is gone already. */
    void gone(Json server, Option<IpAddress> address, String label) {
        boolean removing = server.textOr("Available", "Status").equalsIgnoreCase("Removing");
        if (removing && address.exists(names::isGone)) {
            notes.add(Finding.of(
                    SlbFindings.GONE_BEFORE,
                    "server " + label + " of " + lb.label() + " is being removed, and no pod has the address "
                            + address.get() + " any more",
                    evidence(server)));
        }
    }

    /** A node is unhealthy on purpose where it has no ready pod of a service with externalTrafficPolicy Local. */
    void unhealthy(Json server, Option<Service> service, String label) {
        Option<Boolean> ready = service.flatMap(known -> names.hasReadyPod(known, server.textOr("", "ServerId")));
        if (ready.contains(true)) {
            notes.add(Finding.of(
                    SlbFindings.LOCAL_HEALTH,
                    "server " + label + " is unhealthy, and its node has a ready pod of service "
                            + service.get().key(),
                    evidence(server),
                    service.get().evidence()));
        } else if (ready.contains(false)) {
            notes.add(Decision.skipped(
                    "server " + label + " is unhealthy as it should be: its node has no ready pod of service "
                            + service.get().key() + ", whose externalTrafficPolicy is Local",
                    service.get().evidence()));
        }
    }

    private static Evidence evidence(Json server) {
        return server.evidence("ServerId", "ServerIp", "Port", "Status", "ZoneId");
    }
}
