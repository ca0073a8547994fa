package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.location.ClusterService;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The TLS proxy of a controller with {@code --enable-ssl-passthrough} ({@code pkg/tcpproxy/tcp.go}): a host with the annotation goes
 * to the service's cluster address as it is, any other to nginx behind.
 */
final class Passthrough {
    private final Ingresses ingresses;
    private final Cluster cluster;

    Passthrough(Ingresses ingresses, Cluster cluster) {
        this.ingresses = ingresses;
        this.cluster = cluster;
    }

    /** The hop of a connection that is passed through or of which that is not known; empty where nginx takes it. */
    Option<Hop> hop(HopDraft draft, HttpRequest request) {
        if (!ingresses.captured()) {
            return Option.some(draft.unknown(Decision.unknown(
                    "the controller's TLS proxy takes port "
                            + draft.at().address().port() + ", and whether it passes the host through is not known",
                    new Missing(
                            "kubernetes/ingresses.json",
                            "kubectl get ingresses -A -o json > kubernetes/ingresses.json"))));
        }
        Option<Ingresses.Item> item = ingresses
                .forHosts(Vector.of(request.host()))
                .find(each -> each.annotation("ssl-passthrough").contains("true"));
        if (item.isEmpty()) {
            draft.add(Decision.skipped("no Ingress asks for TLS passthrough of " + request.host()
                    + ": the controller's TLS proxy hands the connection to nginx on port "
                    + Controllers.BEHIND_PASSTHROUGH));
            return Option.none();
        }
        Option<ClusterService> service = service(draft, item.get(), request);
        Decision chosen = Decision.chose(
                "the controller passes TLS for " + request.host()
                        + " through to the service's cluster address; rules of nginx do not apply",
                item.get().annotationEvidence("ssl-passthrough"));
        draft.add(chosen);
        return Option.some(service.map(to -> draft.goesOn(Vector.of(Branch.all(to))))
                .getOrElse(() -> draft.unknown(Decision.unknown(
                        "the service of Ingress " + item.get().id() + " is not in the snapshot",
                        new Missing(
                                "kubernetes/services.json",
                                "kubectl get services -A -o json > kubernetes/services.json")))));
    }

    private Option<ClusterService> service(HopDraft draft, Ingresses.Item item, HttpRequest request) {
        String namespace = item.json().at("metadata").textOr("", "namespace");
        Option<Json> backend = item.json()
                .items("spec", "rules")
                .filter(rule -> rule.textOr("", "host").equals(request.host()))
                .flatMap(rule -> rule.items("http", "paths"))
                .find(path -> path.textOr("", "path").equals("/"))
                .map(path -> path.at("backend", "service"));
        return backend.flatMap(named -> cluster.service(new ServiceKey(namespace, named.textOr("", "name")))
                .flatMap(service -> port(service, named.at("port"))
                        .map(port -> new ClusterService(
                                service.ref(port), OwnSide.flow(draft), OwnSide.vantage(draft.pod())))));
    }

    private static Option<ServicePort> port(Service service, Json port) {
        String wanted = port.text("number").orElse(() -> port.text("name")).getOrElse("");
        return service.ports()
                .find(each -> Integer.toString(each.port()).equals(wanted)
                        || each.name().equals(wanted));
    }
}
