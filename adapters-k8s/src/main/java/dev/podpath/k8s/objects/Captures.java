package dev.podpath.k8s.objects;

import dev.podpath.core.trace.Missing;

/** The kinds of objects a decision may want, and how each is captured. */
final class Captures {
    static final Missing SERVICES = objects("services", "-A ");
    static final Missing ENDPOINTS = objects("endpointslices", "-A ");
    static final Missing PODS = objects("pods", "-A ");
    static final Missing NODES = objects("nodes", "");

    private Captures() {}

    private static Missing objects(String kind, String scope) {
        String file = "kubernetes/" + kind + ".json";
        return new Missing(file, "kubectl get " + kind + " " + scope + "-o json > " + file);
    }
}
