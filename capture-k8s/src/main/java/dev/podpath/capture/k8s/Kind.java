package dev.podpath.capture.k8s;

import io.vavr.collection.Vector;

/**
 * A kind of objects that is captured.
 *
 * @param plural its name in the API, and of its document
 * @param namespaced whether its objects are in namespaces
 * @param versions API versions, the preferred first: {@code v1}, {@code discovery.k8s.io/v1}
 * @param optional whether a cluster may well not serve it, which is then no gap; asked of the API's discovery, because a
 *     request for what is not served is denied to those who may not list it
 */
record Kind(String plural, boolean namespaced, Vector<String> versions, boolean optional) {
    static final Kind NODES = cluster("nodes", "v1");
    static final Kind NAMESPACES = cluster("namespaces", "v1");
    static final Kind SERVICES = in("services", "v1");
    static final Kind PODS = in("pods", "v1");
    static final Kind SLICES = in("endpointslices", "discovery.k8s.io/v1", "discovery.k8s.io/v1beta1");
    /** Only where slices are not served. */
    static final Kind ENDPOINTS = in("endpoints", "v1");

    private static final String GATEWAY = "gateway.networking.k8s.io/";

    /** Every kind but {@link #ENDPOINTS}, the ones that others build on first. */
    static final Vector<Kind> ALL = Vector.of(
            NODES,
            NAMESPACES,
            PODS,
            SERVICES,
            SLICES,
            in("ingresses", "networking.k8s.io/v1"),
            cluster("ingressclasses", "networking.k8s.io/v1"),
            extension("gatewayclasses", false, GATEWAY + "v1", GATEWAY + "v1beta1"),
            extension("gateways", true, GATEWAY + "v1", GATEWAY + "v1beta1"),
            extension("httproutes", true, GATEWAY + "v1", GATEWAY + "v1beta1"),
            extension("grpcroutes", true, GATEWAY + "v1", GATEWAY + "v1alpha2"),
            extension("tlsroutes", true, GATEWAY + "v1", GATEWAY + "v1alpha3", GATEWAY + "v1alpha2"),
            extension("referencegrants", true, GATEWAY + "v1", GATEWAY + "v1beta1"),
            extension("targetgroupbindings", true, "elbv2.k8s.aws/v1beta1"));

    private static Kind in(String plural, String... versions) {
        return new Kind(plural, true, Vector.of(versions), false);
    }

    private static Kind cluster(String plural, String... versions) {
        return new Kind(plural, false, Vector.of(versions), false);
    }

    private static Kind extension(String plural, boolean namespaced, String... versions) {
        return new Kind(plural, namespaced, Vector.of(versions), true);
    }

    /** The document its objects are in. */
    String document() {
        return "kubernetes/" + plural + ".json";
    }

    /** The path of an API version: {@code /api/v1}, {@code /apis/discovery.k8s.io/v1}. */
    static String root(String version) {
        return (version.indexOf('/') < 0 ? "/api/" : "/apis/") + version;
    }

    /** The API group: empty text for the core. */
    String group() {
        String first = versions.head();
        int slash = first.indexOf('/');
        return slash < 0 ? "" : first.substring(0, slash);
    }

    /** The name that {@code kubectl} knows for certain. */
    String qualified() {
        return group().isEmpty() ? plural : plural + "." + group();
    }
}
