package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The {@code resolv.conf} that the kubelet writes for a pod ({@code pkg/kubelet/network/dns/dns.go}; Kubernetes "DNS for Services and Pods").
 */
final class PodDns {
    private static final int DNS_PORT = 53;
    private static final Vector<String> CLUSTER_OPTIONS = Vector.of("ndots:5");

    private final Cluster cluster;
    private final DnsDocuments documents;

    PodDns(Cluster cluster, DnsDocuments documents) {
        this.cluster = cluster;
        this.documents = documents;
    }

    ResolvConf of(Pod pod) {
        ResolvConf base = switch (pod.dnsPolicy()) {
            case "None" ->
                new ResolvConf(
                        Vector.empty(), Vector.empty(), Vector.empty(), Vector.of(pod.evidence()), Vector.empty());
            case "Default" -> node(pod);
            case "ClusterFirstWithHostNet" -> clusterFirst(pod);
            // On the node's network the plain policy silently means the node's own resolver.
            default -> pod.hostNetwork() ? node(pod) : clusterFirst(pod);
        };
        return base.with(pod.dnsServers(), pod.dnsSearches(), pod.dnsOptions());
    }

    private ResolvConf clusterFirst(Pod pod) {
        String domain = cluster.domain();
        Vector<String> own = Vector.of(pod.namespace() + ".svc." + domain, "svc." + domain, domain);
        Vector<String> ofNode =
                pod.node().flatMap(documents::ofNode).map(ResolvConf::search).getOrElse(Vector.empty());
        Option<Service> service = service();
        Vector<IpAddress> servers = documents.clusterDns().isEmpty()
                ? service.map(found -> found.clusterIps().take(1)).getOrElse(Vector.empty())
                : documents.clusterDns();
        Vector<Evidence> evidence = Vector.of(pod.evidence())
                .appendAll(
                        documents.clusterDns().isEmpty()
                                ? service.map(Service::evidence)
                                : documents.clusterDnsEvidence());
        return new ResolvConf(
                servers,
                own.appendAll(ofNode).distinct(),
                CLUSTER_OPTIONS,
                evidence,
                pod.node().flatMap(documents::ofNode).isDefined()
                        ? Vector.empty()
                        : Vector.of("the search list of node " + pod.node().getOrElse("(none)")
                                + " adds nothing to that of its pods"));
    }

    private ResolvConf node(Pod pod) {
        return pod.node()
                .flatMap(documents::ofNode)
                .getOrElse(() -> new ResolvConf(
                        Vector.empty(), Vector.empty(), Vector.empty(), Vector.of(pod.evidence()), Vector.empty()));
    }

    /** The service of the cluster's DNS, by the names it is given. */
    Option<Service> service() {
        Vector<Service> serving = cluster.services()
                .filter(service -> service.key().namespace().equals("kube-system") && servesNames(service));
        return serving.find(service -> service.key().name().equals("kube-dns"))
                .orElse(serving.find(service -> service.labels().get("k8s-app").contains("kube-dns")))
                .orElse(serving.headOption());
    }

    static boolean servesNames(Service service) {
        return service.ports().exists(port -> port.port() == DNS_PORT);
    }
}
