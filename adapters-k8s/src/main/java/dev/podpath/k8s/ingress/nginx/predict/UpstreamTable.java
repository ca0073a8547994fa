package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.ingress.nginx.predict.IngressObject.BackendRef;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The upstreams that Ingresses make ({@code createUpstreams} of {@code internal/ingress/controller/controller.go}): the first path that names a service
 * port settles how it is balanced.
 */
final class UpstreamTable {
    private final Cluster cluster;
    private final ControllerFlags flags;
    private final ControllerSettings settings;
    private final Map<String, UpstreamModel> byName = new LinkedHashMap<>();

    UpstreamTable(Cluster cluster, ControllerFlags flags, ControllerSettings settings) {
        this.cluster = cluster;
        this.flags = flags;
        this.settings = settings;
    }

    void build(Vector<IngressObject> ingresses) {
        byName.put(UpstreamModel.DEFAULT, defaultUpstream());
        for (IngressObject ingress : ingresses) {
            ingress.defaultBackend().forEach(backend -> put(ingress, backend));
            for (BackendRef backend :
                    ingress.rules().flatMap(IngressObject.Rule::paths).flatMap(IngressObject.PathRule::backend)) {
                if (!byName.containsKey(backend.upstream(ingress.namespace()))) {
                    put(ingress, backend);
                }
            }
        }
    }

    Option<UpstreamModel> named(String name) {
        return Option.of(byName.get(name));
    }

    void remove(String name) {
        byName.remove(name);
    }

    void add(UpstreamModel upstream) {
        byName.put(upstream.name, upstream);
    }

    Vector<UpstreamModel> all() {
        return Vector.ofAll(byName.values());
    }

    private UpstreamModel defaultUpstream() {
        UpstreamModel upstream = new UpstreamModel(UpstreamModel.DEFAULT, "0");
        Option<Service> service = flags.defaultBackend()
                .filter(id -> id.indexOf('/') > 0)
                .flatMap(id -> cluster.service(
                        new ServiceKey(id.substring(0, id.indexOf('/')), id.substring(id.indexOf('/') + 1))));
        service.forEach(found -> {
            upstream.service = service;
            found.ports().headOption().forEach(port -> addEndpoints(upstream, found, port));
        });
        if (upstream.peers.isEmpty()) {
            upstream.peers.add(new UpstreamModel.Peer("127.0.0.1", Integer.toString(ConfWriter.DEFAULT_BACKEND_PORT)));
        }
        return upstream;
    }

    private void put(IngressObject ingress, BackendRef backend) {
        String name = backend.upstream(ingress.namespace());
        UpstreamModel upstream = new UpstreamModel(name, backend.port());
        upstream.evidence.add(ingress.evidence());
        upstream.hashBy = ingress.annotation("upstream-hash-by").getOrElse("");
        upstream.loadBalance = ingress.annotation("load-balance")
                .orElse(() -> settings.text("load-balance"))
                .getOrElse("round_robin");
        upstream.canary = Option.when(ingress.isCanary(), ingress);
        upstream.service = cluster.service(new ServiceKey(ingress.namespace(), backend.service()));
        upstream.service.forEach(service -> {
            upstream.evidence.add(service.evidence());
            if (ingress.isTrue("service-upstream", settings.isTrue("service-upstream", false))) {
                addClusterIp(upstream, service, backend);
            }
            if (upstream.peers.isEmpty()) {
                addPeers(upstream, service, backend.port());
            }
        });
        byName.put(name, upstream);
    }

    private static void addClusterIp(UpstreamModel upstream, Service service, BackendRef backend) {
        boolean number = backend.port().matches("[0-9]+");
        Option<String> port = number
                ? Option.some(backend.port())
                : service.ports()
                        .find(each -> each.name().equals(backend.port()))
                        .map(each -> Integer.toString(each.port()));
        if (!service.clusterIps().isEmpty() && port.isDefined()) {
            upstream.peers.add(
                    new UpstreamModel.Peer(service.clusterIps().head().toString(), port.get()));
        }
    }

    /** The addresses of a service port that is named by number, target port or name. */
    private void addPeers(UpstreamModel upstream, Service service, String wanted) {
        if (service.externalName().isDefined()) {
            addExternal(upstream, service, wanted);
            return;
        }
        service.ports()
                .find(port -> Integer.toString(port.port()).equals(wanted)
                        || port.targetPort().equals(wanted)
                        || port.name().equals(wanted))
                .forEach(port -> addEndpoints(upstream, service, port));
    }

    private void addExternal(UpstreamModel upstream, Service service, String wanted) {
        String target = service.externalName().get();
        boolean own = target.equals("localhost") || IpAddress.parse(target).exists(IpAddress::isLoopback);
        if (flags.ignoresExternalNames() || own) {
            return;
        }
        Option<String> declared = service.ports()
                .find(port -> port.name().equals(wanted)
                        || Integer.toString(port.port()).equals(wanted))
                .map(port -> port.targetPort().matches("[0-9]+") ? port.targetPort() : Integer.toString(port.port()));
        upstream.peers.add(new UpstreamModel.Peer(target, declared.getOrElse(wanted.matches("[0-9]+") ? wanted : "0")));
    }

    private void addEndpoints(UpstreamModel upstream, Service service, ServicePort port) {
        Vector<Endpoint> ready = cluster.endpointsOf(service.key())
                .filter(endpoint -> endpoint.ready() && endpoint.protocol() == Protocol.TCP);
        for (Endpoint endpoint : ready) {
            Option<Integer> number = numberAt(endpoint, port);
            number.forEach(found -> {
                UpstreamModel.Peer peer =
                        new UpstreamModel.Peer(endpoint.address().address().toString(), Integer.toString(found));
                if (!upstream.peers.contains(peer)) {
                    upstream.peers.add(peer);
                    Evidence evidence = endpoint.evidence();
                    if (!upstream.evidence.contains(evidence)) {
                        upstream.evidence.add(evidence);
                    }
                }
            });
        }
    }

    /** A port without name takes every port of a slice; a number takes the place of a name that the slice does not have. */
    private static Option<Integer> numberAt(Endpoint endpoint, ServicePort port) {
        if (port.name().isEmpty() || port.name().equals(endpoint.portName())) {
            return Option.some(endpoint.address().port());
        }
        return port.targetPort().matches("[0-9]{1,5}")
                ? Option.some(Integer.parseInt(port.targetPort()))
                : Option.none();
    }

    /** The addresses of the first port of a service, as the annotation for a backend of one's own takes them. */
    Vector<UpstreamModel.Peer> firstPort(ServiceKey key) {
        UpstreamModel found = new UpstreamModel("", "");
        cluster.service(key)
                .forEach(service -> service.ports().headOption().forEach(port -> addEndpoints(found, service, port)));
        return Vector.ofAll(found.peers);
    }
}
