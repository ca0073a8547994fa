package dev.podpath.k8s.dns;

import io.vavr.collection.Vector;

/**
 * The names a pod's resolver asks for, in order, as glibc does with the {@code resolv.conf} that the kubelet writes for
 * dnsPolicy ClusterFirst (resolv.conf(5); Kubernetes "DNS for Services and Pods").
 *
 * @param suffixes the search list
 * @param ndots a name with at least so many dots is tried as it is first
 */
record SearchList(Vector<String> suffixes, int ndots) {
    /** What the kubelet writes for a pod in this namespace. */
    static SearchList clusterFirst(String namespace, String domain) {
        return new SearchList(Vector.of(namespace + ".svc." + domain, "svc." + domain, domain), 5);
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
