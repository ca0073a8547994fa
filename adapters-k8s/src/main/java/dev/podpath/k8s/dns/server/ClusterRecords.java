package dev.podpath.k8s.dns.server;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.objects.ObjectList;
import io.vavr.Lazy;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/** The objects that names of the cluster are made of, indexed by what is asked for. */
final class ClusterRecords {
    private final Cluster cluster;
    private final ObjectList namespaces;
    private final Lazy<Set<String>> seen;
    private final Lazy<Map<IpAddress, Vector<Endpoint>>> endpoints;

    ClusterRecords(Cluster cluster, ObjectList namespaces) {
        this.cluster = cluster;
        this.namespaces = namespaces;
        this.seen = Lazy.of(() -> HashSet.ofAll(cluster.services()
                .map(service -> service.key().namespace())
                .appendAll(cluster.pods().map(Pod::namespace))
                .appendAll(namespaces.items().map(item -> item.at("metadata").textOr("", "name")))));
        this.endpoints = Lazy.of(
                () -> cluster.endpoints().groupBy(endpoint -> endpoint.address().address()));
    }

    Cluster cluster() {
        return cluster;
    }

    /** Whether there is such a namespace; empty where namespaces were not captured and no object of it was. */
    Option<Boolean> hasNamespace(String name) {
        boolean known = seen.get().contains(name);
        return known || namespaces.captured() ? Option.some(known) : Option.none();
    }

    /** Services, by lower-case name. */
    Option<Service> service(String namespace, String name) {
        return cluster.service(new ServiceKey(namespace, name));
    }

    /** The endpoints that are in the answers of the cluster's DNS. */
    Vector<Endpoint> ready(Service service) {
        return cluster.endpointsOf(service.key()).filter(Endpoint::ready);
    }

    /** Ready endpoints at an address. */
    Vector<Endpoint> at(IpAddress address) {
        return endpoints.get().getOrElse(address, Vector.empty()).filter(Endpoint::ready);
    }

    /** The label that an endpoint is known by. */
    String label(Endpoint endpoint, boolean byPod) {
        Option<String> pod = endpoint.pod().filter(id -> byPod).map(id -> id.substring(id.indexOf('/') + 1));
        return endpoint.hostname()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .orElse(pod)
                .getOrElse(() -> dashed(endpoint.address().address()));
    }

    /** An address as a label of a name. */
    static String dashed(IpAddress address) {
        return address.toString().replace('.', '-').replace(':', '-');
    }

    /** The address that a label stands for. */
    static Option<IpAddress> undashed(String label) {
        boolean v4 = label.chars().filter(c -> c == '-').count() == 3 && !label.contains("--");
        return IpAddress.parse(label.replace('-', v4 ? '.' : ':'));
    }

    static Vector<Evidence> evidence(Vector<Endpoint> endpoints) {
        return endpoints.map(Endpoint::evidence).distinct();
    }
}
