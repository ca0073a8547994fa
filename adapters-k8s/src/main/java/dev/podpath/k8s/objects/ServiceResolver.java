package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.location.ClusterService;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/** From a service's name to its cluster IP; for a headless service to its endpoints, for an alias to the other name. */
final class ServiceResolver implements HopResolver {
    private final Cluster cluster;

    ServiceResolver(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String id() {
        return "kubernetes.service";
    }

    @Override
    public int order() {
        return 200;
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof ClusterService;
    }

    @Override
    public Resolution resolve(Location location) {
        ClusterService at = (ClusterService) location;
        Option<Service> service = cluster.service(at.service().service());
        return Resolution.of(service.map(found -> resolve(at, found)).getOrElse(() -> absent(at)));
    }

    private Hop absent(ClusterService at) {
        Hop.Builder hop = Hop.at(at, HopKind.SERVICE, "service " + at.service());
        return cluster.captured().services()
                ? hop.decisions(Vector.of(Decision.notFound(
                                "there is no service " + at.service().service())))
                        .ends(Disposition.BLACKHOLED)
                        .build()
                : hop.decisions(Vector.of(Decision.unknown("services were not captured", Captures.SERVICES)))
                        .unknown()
                        .build();
    }

    private Hop resolve(ClusterService at, Service service) {
        ServicePortRef ref = at.service();
        Hop.Builder hop = Hop.at(at, HopKind.SERVICE, "service " + ref + ", " + name(service));
        if (service.externalName().isDefined()) {
            return alias(at, service, service.externalName().get(), hop);
        }
        Option<ServicePort> port = service.port(ref.port(), ref.protocol());
        if (service.headless()) {
            return headless(at, service, hop);
        }
        if (service.clusterIps().isEmpty()) {
            return hop.decisions(Vector.of(Decision.notFound("the service has no cluster IP", service.evidence())))
                    .ends(Disposition.BLACKHOLED)
                    .build();
        }
        AddressPort vip = new AddressPort(service.clusterIps().head(), ref.port());
        Decision named = Decision.found(name(service) + " is " + vip.address(), service.evidence());
        Decision portDecision = port.isDefined()
                ? Decision.found("port " + ref.port() + " leads to the pods' port "
                        + port.get().targetPort())
                : Decision.notFound("the service has no port " + ref.port() + "/"
                        + ref.protocol().lower());
        return hop.decisions(Vector.of(named, portDecision))
                .branches(Vector.of(Branch.all(new NetworkAddress(vip, at.flow(), at.vantage()))))
                .assumptions(
                        service.clusterIps().size() > 1
                                ? Vector.of("the client takes " + vip.address() + " of the addresses "
                                        + service.clusterIps().mkString(", "))
                                : Vector.empty())
                .build();
    }

    /** The name is an alias; an address in its place is a name that does not exist. */
    private static Hop alias(ClusterService at, Service service, String written, Hop.Builder hop) {
        String name = written.strip().toLowerCase(Locale.ROOT);
        String absolute = name.endsWith(".") ? name : name + ".";
        Decision found = Decision.found("an alias (ExternalName) for " + name, service.evidence());
        if (LenientAddress.parse(name).isDefined()) {
            return hop.decisions(Vector.of(
                            found,
                            Decision.denied("DNS aliases are names: the cluster's DNS does not answer with the address "
                                    + name)))
                    .ends(Disposition.BLACKHOLED)
                    .build();
        }
        return hop.decisions(Vector.of(found))
                .branches(
                        Vector.of(Branch.all(new DnsName(absolute, at.service().port(), at.flow(), at.vantage()))))
                .build();
    }

    private Hop headless(ClusterService at, Service service, Hop.Builder hop) {
        Decision found = Decision.found(
                "headless: the name answers with the addresses of its ready endpoints, the VIP is not on the path",
                service.evidence());
        if (!cluster.captured().endpoints()) {
            return hop.decisions(Vector.of(
                            found,
                            Decision.unknown(
                                    "EndpointSlices were not captured, so its endpoints are not known",
                                    Captures.ENDPOINTS)))
                    .unknown()
                    .build();
        }
        // DNS knows no ports: every ready endpoint is in the answer, whatever port is asked for.
        Vector<Endpoint> ready = cluster.endpointsOf(service.key()).filter(Endpoint::ready);
        Vector<AddressPort> addresses = ready.map(endpoint -> new AddressPort(
                        endpoint.address().address(), at.service().port()))
                .distinct();
        if (addresses.isEmpty()) {
            return hop.decisions(
                            Vector.of(found, Decision.notFound("it has no ready endpoint, so the name does not exist")))
                    .ends(Disposition.BLACKHOLED, Target.builder().build())
                    .build();
        }
        Set<AddressPort> ofPort =
                HashSet.ofAll(cluster.endpointsOf(at.service()).map(Endpoint::address));
        return hop.decisions(Vector.of(found.with(ready.map(Endpoint::evidence).distinct())))
                .branches(addresses.map(address -> Branch.of(
                        new PodPort(
                                address,
                                ofPort.contains(address) ? Option.some(at.service()) : Option.none(),
                                at.flow()),
                        Share.of(1, addresses.size()))))
                .assumptions(
                        addresses.size() > 1
                                ? Vector.of("the client takes each of the addresses of a name equally often")
                                : Vector.empty())
                .build();
    }

    private String name(Service service) {
        return service.key().name() + "." + service.key().namespace() + ".svc." + cluster.domain();
    }
}
