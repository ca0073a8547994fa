package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A pod whose resolver asks the cluster's DNS first.
 *
 * @param pod the pod
 * @param search the names it asks for
 * @param assumptions what is taken for granted about the server it asks
 */
record Asker(Pod pod, SearchList search, Vector<String> assumptions) {
    private static final int DNS_PORT = 53;

    /** The pod that asks; empty where nobody asks the cluster's DNS. */
    static Option<Asker> of(DnsName at, Cluster cluster) {
        Option<Pod> pod =
                at.vantage() instanceof Vantage.OnNode here ? here.pod().flatMap(cluster::pod) : Option.none();
        return pod.flatMap(found -> of(found, cluster));
    }

    private static Option<Asker> of(Pod pod, Cluster cluster) {
        return switch (pod.dnsPolicy()) {
            case "ClusterFirstWithHostNet" -> asks(pod, cluster);
            // On the node's network the plain policy silently means the node's own resolver.
            case "ClusterFirst" -> pod.hostNetwork() ? Option.none() : asks(pod, cluster);
            case "None" -> byServer(pod, cluster);
            default -> Option.none();
        };
    }

    private static Option<Asker> asks(Pod pod, Cluster cluster) {
        return Option.some(new Asker(pod, SearchList.of(pod, cluster.domain()), Vector.empty()));
    }

    /** With policy None the first server decides: a cache on the node, or the address of a DNS service. */
    private static Option<Asker> byServer(Pod pod, Cluster cluster) {
        Option<IpAddress> server = pod.dnsServers().headOption();
        if (server.isEmpty()) {
            return Option.none();
        }
        IpAddress address = server.get();
        boolean service = cluster.servicesAt(address).exists(Asker::servesNames);
        boolean untold = address.isLinkLocal() || !cluster.captured().services() && !address.isPublic();
        Vector<String> assumptions = service
                ? Vector.empty()
                : Vector.of(
                        "the name server " + address + " of pod " + pod.id() + " answers as the cluster's DNS does");
        return service || untold
                ? Option.some(new Asker(pod, SearchList.of(pod, cluster.domain()), assumptions))
                : Option.none();
    }

    private static boolean servesNames(Service service) {
        return service.ports().exists(port -> port.port() == DNS_PORT);
    }
}
