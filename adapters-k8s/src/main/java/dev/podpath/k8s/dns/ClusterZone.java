package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.location.ClusterService;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import io.vavr.Lazy;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The records of the cluster's domain, by the Kubernetes DNS-Based Service Discovery specification 1.1.0: {@code
 * NAME.NS.svc}, {@code HOSTNAME.NAME.NS.svc} for endpoints, and {@code 10-0-0-1.NS.pod}.
 *
 * <p>Where the objects that would tell were not captured, a name may exist: the answer is then that it cannot be told,
 * not that the name does not exist. Only a name whose namespace holds no pod at all is then taken for absent, because
 * every name outside the cluster is tried below its domain first.
 */
final class ClusterZone {
    private static final Missing SERVICES =
            new Missing("kubernetes/services.json", "kubectl get services -A -o json > kubernetes/services.json");
    private static final Missing ENDPOINTS = new Missing(
            "kubernetes/endpointslices.json", "kubectl get endpointslices -A -o json > kubernetes/endpointslices.json");

    private final Cluster cluster;
    private final PodNames podNames;
    private final Lazy<Set<String>> namespaces;

    ClusterZone(Cluster cluster, PodNames podNames) {
        this.cluster = cluster;
        this.podNames = podNames;
        this.namespaces = Lazy.of(() -> HashSet.ofAll(cluster.pods().map(Pod::namespace)));
    }

    /** The answer to a name that ends in the cluster's domain. */
    ZoneAnswer answer(DnsName at, String query) {
        String relative = query.substring(0, query.length() - cluster.domain().length() - 1);
        String[] labels = relative.split("\\.", -1);
        if (labels.length == 3 && labels[2].equals("svc")) {
            return service(at, query, new ServiceKey(labels[1], labels[0]));
        }
        if (labels.length == 4 && labels[3].equals("svc")) {
            return endpoint(at, query, new ServiceKey(labels[2], labels[1]), labels[0]);
        }
        if (labels.length == 3 && labels[2].equals("pod")) {
            return podNames.answer(at, query, labels[1], labels[0], cluster);
        }
        return none(query);
    }

    private ZoneAnswer service(DnsName at, String query, ServiceKey key) {
        Option<Service> found = cluster.service(key);
        if (found.isEmpty()) {
            return cluster.captured().services() ? none(query) : uncaptured(at, query, key.namespace());
        }
        Service service = found.get();
        boolean empty = service.headless()
                && cluster.captured().endpoints()
                && !cluster.endpointsOf(key).exists(Endpoint::ready);
        if (empty) {
            return new ZoneAnswer.None(Decision.notFound(
                    query + " does not exist: headless service " + key + " has no ready endpoint", service.evidence()));
        }
        ServicePortRef ref = new ServicePortRef(key, at.port(), at.flow().protocol());
        return ZoneAnswer.found(
                Decision.found(query + " is the name of service " + key, service.evidence()),
                Vector.of(Branch.all(new ClusterService(ref, at.flow(), at.vantage()))));
    }

    private ZoneAnswer endpoint(DnsName at, String query, ServiceKey key, String hostname) {
        Option<Service> service = cluster.service(key);
        if (service.isEmpty()) {
            return cluster.captured().services() ? none(query) : uncaptured(at, query, key.namespace());
        }
        if (!cluster.captured().endpoints()) {
            return ZoneAnswer.untold(Decision.unknown(
                    "EndpointSlices were not captured, so whether service " + key + " has an endpoint " + hostname
                            + " is not known",
                    ENDPOINTS));
        }
        Vector<Endpoint> named = cluster.endpointsOf(key)
                .filter(endpoint -> endpoint.ready() && hostname(endpoint).equals(hostname));
        if (named.isEmpty()) {
            return none(query);
        }
        Vector<AddressPort> addresses = named.map(
                        endpoint -> new AddressPort(endpoint.address().address(), at.port()))
                .distinct();
        Decision decision = Decision.found(query + " names an endpoint of service " + key)
                .with(named.map(Endpoint::evidence).distinct());
        return ZoneAnswer.found(
                decision,
                addresses.map(address ->
                        Branch.of(new PodPort(address, Option.none(), at.flow()), Share.of(1, addresses.size()))));
    }

    private ZoneAnswer uncaptured(DnsName at, String query, String namespace) {
        boolean asked = RecordedAnswers.absolute(at.host()).equals(query);
        return asked || namespaces.get().contains(namespace)
                ? ZoneAnswer.untold(Decision.unknown(
                        "services were not captured, so whether " + query + " exists is not known", SERVICES))
                : new ZoneAnswer.None(
                        Decision.notFound(query + " is taken for a name that does not exist: services were"
                                + " not captured, and there is no pod in a namespace " + namespace));
    }

    private static ZoneAnswer none(String query) {
        return new ZoneAnswer.None(Decision.notFound(query + " does not exist in the cluster's DNS"));
    }

    private static String hostname(Endpoint endpoint) {
        return endpoint.hostname()
                .getOrElse(() -> PodNames.dashed(endpoint.address().address()));
    }
}
