package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** One upstream while the controller's configuration is put together ({@code ingress.Backend}). */
final class UpstreamModel {
    /** The upstream of requests that no Ingress wants. */
    static final String DEFAULT = "upstream-default-backend";

    final String name;
    final String port;
    final List<Peer> peers = new ArrayList<>();
    final List<String> alternatives = new ArrayList<>();
    final List<Evidence> evidence = new ArrayList<>();
    Option<Service> service = Option.none();
    String loadBalance = "round_robin";
    String hashBy = "";
    String affinity = "";
    String cookie = "";
    /** The canary whose traffic policy it has; such an upstream has no location of its own. */
    Option<IngressObject> canary = Option.none();

    /** An address and port. */
    record Peer(String address, String port) {}

    UpstreamModel(String name, String port) {
        this.name = name;
        this.port = port;
    }

    boolean hasServer() {
        return canary.isEmpty();
    }

    /** The same upstream under another name and with other addresses. */
    UpstreamModel copy(String otherName, Vector<Peer> otherPeers) {
        UpstreamModel copy = new UpstreamModel(otherName, port);
        copy.peers.addAll(otherPeers.asJava());
        copy.evidence.addAll(evidence);
        copy.service = service;
        copy.loadBalance = loadBalance;
        copy.hashBy = hashBy;
        copy.affinity = affinity;
        copy.cookie = cookie;
        return copy;
    }

    /** The element that {@code /dbg backends all} would show. */
    String json() {
        StringBuilder out = new StringBuilder("{\"name\":").append(JsonText.quote(name));
        out.append(",\"port\":").append(JsonText.quote(port));
        service.filter(found -> !found.clusterIps().isEmpty())
                .forEach(found -> out.append(",\"service\":{\"spec\":{\"clusterIP\":")
                        .append(JsonText.quote(found.clusterIps().head().toString()))
                        .append("}}"));
        out.append(",\"endpoints\":[")
                .append(Vector.ofAll(peers)
                        .map(peer -> "{\"address\":" + JsonText.quote(peer.address()) + ",\"port\":"
                                + JsonText.quote(peer.port()) + "}")
                        .mkString(","))
                .append("]");
        if (!affinity.isEmpty()) {
            out.append(",\"sessionAffinityConfig\":{\"name\":")
                    .append(JsonText.quote(affinity))
                    .append(",\"cookieSessionAffinity\":{\"name\":")
                    .append(JsonText.quote(cookie))
                    .append("}}");
        }
        out.append(",\"upstreamHashByConfig\":{\"upstream-hash-by\":")
                .append(JsonText.quote(hashBy))
                .append("},\"load-balance\":")
                .append(JsonText.quote(loadBalance))
                .append(",\"noServer\":")
                .append(canary.isDefined());
        canary.forEach(ingress -> out.append(",\"trafficShapingPolicy\":").append(policy(ingress)));
        if (!alternatives.isEmpty()) {
            out.append(",\"alternativeBackends\":[")
                    .append(Vector.ofAll(alternatives).map(JsonText::quote).mkString(","))
                    .append("]");
        }
        return out.append("}").toString();
    }

    private static String policy(IngressObject ingress) {
        return "{\"weight\":" + number(ingress, "canary-weight", 0) + ",\"weightTotal\":"
                + number(ingress, "canary-weight-total", 100)
                + field(ingress, "header", "canary-by-header")
                + field(ingress, "headerValue", "canary-by-header-value")
                + field(ingress, "headerPattern", "canary-by-header-pattern")
                + field(ingress, "cookie", "canary-by-cookie") + "}";
    }

    private static int number(IngressObject ingress, String annotation, int otherwise) {
        return ingress.annotation(annotation)
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Integer::parseInt)
                .getOrElse(otherwise);
    }

    private static String field(IngressObject ingress, String field, String annotation) {
        return ",\"" + field + "\":"
                + JsonText.quote(ingress.annotation(annotation).getOrElse(""));
    }
}
