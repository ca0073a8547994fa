package dev.podpath.aliyun.slb;

import dev.podpath.aliyun.cluster.ServiceNames;
import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.ecs.NetworkInterface;
import dev.podpath.aliyun.ecs.PrivateIp;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Locale;

/** Which servers of a group take new connections of a listener, and at which addresses. */
final class Servers {
    private final Slb slb;
    private final Ecs ecs;
    private final LoadBalancer lb;
    private final Listener listener;
    private final HopDraft notes;
    private final ServiceNames names;

    Servers(Slb slb, Ecs ecs, LoadBalancer lb, Listener listener, HopDraft notes, ServiceNames names) {
        this.slb = slb;
        this.ecs = ecs;
        this.lb = lb;
        this.listener = listener;
        this.notes = notes;
        this.names = names;
    }

    /**
     * A server that takes connections.
     *
     * @param backend the server
     * @param port where it listens
     * @param address its address; empty where it was not captured
     * @param evidence what shows the address and the health
     */
    record Usable(Backend backend, int port, Option<IpAddress> address, Vector<Evidence> evidence) {
        Option<AddressPort> to() {
            return address.map(ip -> new AddressPort(ip, port));
        }
    }

    /** The servers that take connections, at least one; or why none does, or it cannot be told. */
    Either<Refusal, Vector<Usable>> of(ServerGroup group) {
        Vector<Backend> willing = willing(group);
        if (willing.isEmpty()) {
            String text = group.servers().isEmpty()
                    ? group.label() + " has no servers"
                    : "every server of " + group.label() + " has weight 0";
            return refuse(false, SlbFindings.NO_SERVERS, text, Vector.of(group.evidence()));
        }
        Option<Backend> portless = willing.find(backend -> portOf(backend).isEmpty());
        if (portless.isDefined()) {
            return Either.left(new Refusal(
                    true,
                    Decision.unknown("neither server " + portless.get().label() + " nor the listener names a port")
                            .with(Vector.of(portless.get().evidence()))));
        }
        return healthy(group, willing);
    }

    /**
     * Why no server is used.
     *
     * @param unknown whether that is for want of knowledge rather than a fact
     * @param why the reason
     */
    record Refusal(boolean unknown, Decision why) {}

    private Vector<Backend> willing(ServerGroup group) {
        Vector<Backend> identified = group.servers()
                .filter(backend -> !backend.server().isEmpty() || backend.ip().isDefined());
        if (group.activeStandby()) {
            return identified;
        }
        identified
                .filter(backend -> backend.weight() <= 0)
                .forEach(backend -> notes.add(Decision.skipped(
                        "server " + backend.label() + " gets no new connections: its weight is 0",
                        backend.evidence())));
        return identified.filter(backend -> backend.weight() > 0);
    }

    private Option<Integer> portOf(Backend backend) {
        return backend.port()
                .orElse(() -> listener.integer("BackendServerPort").filter(port -> port > 0 && port <= 65535));
    }

    private Either<Refusal, Vector<Usable>> healthy(ServerGroup group, Vector<Backend> willing) {
        boolean checked = !listener.text("HealthCheck").contains("off");
        boolean known = slb.knowsHealth(lb);
        if (!checked) {
            notes.add(Decision.skipped(
                    "the listener has no health check: every server gets connections",
                    listener.evidence("HealthCheck")));
        } else if (!known) {
            notes.assume("every server of " + group.label() + " is healthy: health was not captured (aliyun slb "
                    + "DescribeHealthStatus --LoadBalancerId " + lb.id() + ")");
        }
        Vector<Usable> usable = Vector.empty();
        Vector<Evidence> sick = Vector.empty();
        int abnormal = 0;
        int expected = 0;
        for (Backend backend : willing) {
            int port = portOf(backend).getOrElse(0);
            Option<Json> health = slb.health(listener, backend, port);
            String status = health.flatMap(json -> json.text("ServerHealthStatus"))
                    .getOrElse("")
                    .toLowerCase(Locale.ROOT);
            Vector<Evidence> evidence = health.map(json -> json.evidence(
                            "ListenerPort", "ServerId", "ServerIp", "Port", "ServerHealthStatus", "EniHost"))
                    .toVector();
            if (checked && status.equals("abnormal")) {
                abnormal++;
                sick = sick.appendAll(evidence);
                expected += isMeant(group, backend, evidence) ? 1 : 0;
                continue;
            }
            if (checked && known && !status.equals("normal")) {
                notes.add(Decision.found("the health of server " + backend.label() + " is "
                                + (status.isEmpty() ? "not listed" : status)
                                + ", which is not unhealthy: it is taken to get connections")
                        .with(evidence));
            }
            usable = usable.append(new Usable(backend, port, addressOf(backend, health), evidence));
        }
        if (usable.isEmpty()) {
            return refuse(
                    true,
                    SlbFindings.ALL_ABNORMAL,
                    "every server of " + group.label() + " that may get connections is found abnormal; whether the "
                            + "load balancer then forwards at all is not documented",
                    sick);
        }
        if (abnormal > expected) {
            notes.add(new Finding(
                    SlbFindings.SOME_ABNORMAL,
                    SlbFindings.SOME_ABNORMAL.severity(),
                    abnormal + " of " + willing.size() + " servers of " + group.label() + " are abnormal",
                    sick));
        }
        return Either.right(group.activeStandby() ? active(usable) : usable);
    }

    /** Notes why a server is abnormal; whether it is meant to be, as a node without a ready pod of its service is. */
    private boolean isMeant(ServerGroup group, Backend backend, Vector<Evidence> evidence) {
        String text = "server " + backend.label() + " gets no new connections: its health is abnormal";
        Option<Service> service = names.service(group.name());
        Option<Boolean> ready = service.filter(known -> backend.isInstance())
                .flatMap(known -> names.hasReadyPod(known, backend.server()));
        if (ready.contains(false)) {
            notes.add(Decision.skipped(text + ", as it should be: its node has no ready pod of service "
                            + service.get().key() + ", whose externalTrafficPolicy is Local")
                    .with(evidence));
            return true;
        }
        notes.add(Decision.skipped(text).with(evidence));
        if (ready.contains(true)) {
            notes.add(new Finding(
                    SlbFindings.LOCAL_HEALTH,
                    SlbFindings.LOCAL_HEALTH.severity(),
                    "server " + backend.label() + " is abnormal, and its node has a ready pod of service "
                            + service.get().key()
                            + service.get()
                                    .healthCheckNodePort()
                                    .map(port -> ", whose healthCheckNodePort is " + port)
                                    .getOrElse(""),
                    evidence.append(service.get().evidence())));
        }
        return false;
    }

    private Vector<Usable> active(Vector<Usable> usable) {
        Usable chosen = usable.find(server -> !server.backend().isStandby()).getOrElse(usable::head);
        usable.remove(chosen)
                .forEach(server -> notes.add(Decision.skipped(
                        "server " + server.backend().label() + " stands by while the active one is healthy",
                        server.backend().evidence())));
        return Vector.of(chosen);
    }

    private Option<IpAddress> addressOf(Backend backend, Option<Json> health) {
        Option<IpAddress> named = backend.ip();
        Option<IpAddress> ofOwner = backend.isInstance()
                ? ecs.addressOf(backend.server())
                : ecs.networkInterface(backend.server())
                        .flatMap(NetworkInterface::primaryAddress)
                        .map(PrivateIp::address);
        return (backend.isInstance() ? ofOwner.orElse(named) : named.orElse(ofOwner))
                .orElse(() -> health.flatMap(json -> json.text("ServerIp")).flatMap(IpAddress::parse));
    }

    private Either<Refusal, Vector<Usable>> refuse(
            boolean unknown, FindingCode code, String text, Vector<Evidence> evidence) {
        notes.add(new Finding(code, code.severity(), "the " + listener + " of " + lb.label() + ": " + text, evidence));
        Decision why = unknown ? Decision.unknown(text) : Decision.notFound(text);
        return Either.left(new Refusal(unknown, why.with(evidence)));
    }
}
