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
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Names of services, by the Kubernetes DNS-Based Service Discovery specification 1.1.0: {@code NAME.NS.svc.DOMAIN}, and
 * {@code HOSTNAME.NAME.NS.svc.DOMAIN} for endpoints of headless services.
 */
final class ClusterDnsResolver implements HopResolver {
    private final Cluster cluster;

    ClusterDnsResolver(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String id() {
        return "kubernetes.dns";
    }

    @Override
    public int order() {
        return 50;
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof DnsName;
    }

    @Override
    public Resolution resolve(Location location) {
        DnsName at = (DnsName) location;
        String absolute =
                at.host().endsWith(".") ? at.host().substring(0, at.host().length() - 1) : at.host();
        boolean clusterName = absolute.endsWith("." + cluster.domain());
        Option<Pod> pod = asker(at);
        if (pod.isEmpty()) {
            return clusterName ? Resolution.of(outside(at, absolute)) : Resolution.declined();
        }
        SearchList search = SearchList.clusterFirst(pod.get().namespace(), cluster.domain());
        Vector<Decision> tried = Vector.empty();
        for (String query : search.queries(at.host())) {
            if (!query.endsWith("." + cluster.domain())) {
                break;
            }
            Option<Hop> hop = answer(at, query, tried);
            if (hop.isDefined()) {
                return Resolution.of(hop.get());
            }
            tried = tried.append(Decision.notFound(query + " does not exist in the cluster's DNS"));
        }
        if (clusterName) {
            return Resolution.of(nothing(at, tried));
        }
        return new Resolution.Declined(tried);
    }

    /** The pod that asks the cluster's DNS; a pod on the node's network asks the node's resolver unless told otherwise. */
    private Option<Pod> asker(DnsName at) {
        return at.vantage() instanceof Vantage.OnNode here
                ? here.pod()
                        .flatMap(cluster::pod)
                        .filter(pod -> pod.dnsPolicy().equals("ClusterFirstWithHostNet")
                                || pod.dnsPolicy().equals("ClusterFirst") && !pod.hostNetwork())
                : Option.none();
    }

    private static Hop outside(DnsName at, String name) {
        return Hop.at(at, HopKind.DNS, name)
                .decisions(Vector.of(Decision.denied(
                        name + " exists only in the cluster's DNS, which " + at.vantage() + " does not ask")))
                .ends(Disposition.BLACKHOLED)
                .build();
    }

    private Hop nothing(DnsName at, Vector<Decision> tried) {
        if (!cluster.captured().services()) {
            return Hop.at(at, HopKind.DNS, at.host())
                    .decisions(tried.append(Decision.unknown(
                            "services were not captured, so which names exist is not known",
                            new Missing(
                                    "kubernetes/services.json",
                                    "kubectl get services -A -o json > kubernetes/services.json"))))
                    .unknown()
                    .build();
        }
        return Hop.at(at, HopKind.DNS, at.host())
                .decisions(tried)
                .ends(Disposition.BLACKHOLED)
                .build();
    }

    /** The answer to one absolute name of the cluster's domain; empty for NXDOMAIN. */
    private Option<Hop> answer(DnsName at, String query, Vector<Decision> tried) {
        String relative = query.substring(0, query.length() - cluster.domain().length() - 1);
        String[] labels = relative.split("\\.", -1);
        if (labels.length == 3 && labels[2].equals("svc")) {
            return cluster.service(new ServiceKey(labels[1], labels[0]))
                    .filter(service -> !service.headless() || hasReady(service))
                    .map(service -> toService(at, query, service, tried));
        }
        if (labels.length == 4 && labels[3].equals("svc")) {
            Vector<Endpoint> named = cluster.endpointsOf(new ServiceKey(labels[2], labels[1]))
                    .filter(endpoint -> endpoint.ready() && hostname(endpoint).equals(labels[0]));
            return named.isEmpty() ? Option.none() : Option.some(toEndpoints(at, query, named, tried));
        }
        return Option.none();
    }

    private boolean hasReady(Service service) {
        return cluster.endpointsOf(service.key()).exists(Endpoint::ready);
    }

    private static String hostname(Endpoint endpoint) {
        return endpoint.hostname()
                .getOrElse(() -> endpoint.address()
                        .address()
                        .toString()
                        .replace('.', '-')
                        .replace(':', '-'));
    }

    private static Hop toService(DnsName at, String query, Service service, Vector<Decision> tried) {
        ServicePortRef ref =
                new ServicePortRef(service.key(), at.port(), at.flow().protocol());
        return Hop.at(at, HopKind.DNS, query)
                .decisions(tried.append(
                        Decision.found(query + " is the name of service " + service.key(), service.evidence())))
                .branches(Vector.of(Branch.all(new ClusterService(ref, at.flow(), at.vantage()))))
                .build();
    }

    private static Hop toEndpoints(DnsName at, String query, Vector<Endpoint> endpoints, Vector<Decision> tried) {
        Vector<AddressPort> addresses = endpoints
                .map(endpoint -> new AddressPort(endpoint.address().address(), at.port()))
                .distinct();
        return Hop.at(at, HopKind.DNS, query)
                .decisions(tried.append(Decision.found(query + " names an endpoint of a headless service")
                        .with(endpoints.map(Endpoint::evidence).distinct())))
                .branches(addresses.map(address ->
                        Branch.of(new PodPort(address, Option.none(), at.flow()), Share.of(1, addresses.size()))))
                .build();
    }
}
