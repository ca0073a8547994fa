package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Pod;
import io.vavr.collection.Vector;

/**
 * The names a pod's resolver asks for, in order, as glibc does with the {@code resolv.conf} that the kubelet writes
 * (resolv.conf(5); Kubernetes "DNS for Services and Pods"; kubelet {@code pkg/kubelet/network/dns/dns.go}).
 *
 * @param suffixes the search list
 * @param ndots a name with at least so many dots is tried as it is first
 */
record SearchList(Vector<String> suffixes, int ndots) {
    private static final int CLUSTER_NDOTS = 5;
    /** What resolv.conf(5) says where no option does. */
    private static final int PLAIN_NDOTS = 1;

    /** What the kubelet writes for a pod in this namespace. */
    static SearchList clusterFirst(String namespace, String domain) {
        return new SearchList(Vector.of(namespace + ".svc." + domain, "svc." + domain, domain), CLUSTER_NDOTS);
    }

    /** What the kubelet writes for this pod: with policy None only what dnsConfig says, else dnsConfig comes on top. */
    static SearchList of(Pod pod, String domain) {
        SearchList base = pod.dnsPolicy().equals("None")
                ? new SearchList(Vector.empty(), PLAIN_NDOTS)
                : clusterFirst(pod.namespace(), domain);
        return new SearchList(
                base.suffixes.appendAll(pod.dnsSearches()).distinct(),
                pod.dnsNdots().getOrElse(base.ndots));
    }

    /** The names to ask for, without a trailing dot. */
    Vector<String> queries(String name) {
        if (name.endsWith(".")) {
            return Vector.of(name.substring(0, name.length() - 1));
        }
        Vector<String> searched = suffixes.map(suffix -> name + "." + suffix);
        long dots = name.chars().filter(c -> c == '.').count();
        return dots >= ndots ? searched.prepend(name) : searched.append(name);
    }
}
