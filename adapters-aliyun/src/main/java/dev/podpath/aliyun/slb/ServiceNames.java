package dev.podpath.aliyun.slb;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * Which Kubernetes service a load balancer and its listeners are for, by what the cloud controller manager writes: the
 * name {@code k8s/PORT/SERVICE/NAMESPACE/CLUSTER} on listeners and server groups, and the tag
 * {@code kubernetes.do.not.delete} with the service's uid.
 */
final class ServiceNames {
    private static final String UID_TAG = "kubernetes.do.not.delete";
    private static final int TAG_LENGTH = 32;
    private static final Vector<String> ID_ANNOTATIONS = Vector.of(
            "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id",
            "service.beta.kubernetes.io/alicloud-loadbalancer-id");

    private final Cluster cluster;

    ServiceNames(Cluster cluster) {
        this.cluster = cluster;
    }

    /** The service that a group's name, or a listener's description, names. */
    Option<Service> service(String name) {
        String[] parts = name.split("/", -1);
        return parts.length == 5 && parts[0].equals("k8s")
                ? cluster.service(new ServiceKey(parts[3], parts[2]))
                : Option.none();
    }

    /** The services whose annotation asks for this load balancer, and which have the port. */
    Vector<Service> claiming(LoadBalancer lb, int port, Protocol protocol) {
        return cluster.services()
                .filter(service -> ID_ANNOTATIONS.exists(
                                name -> service.annotations().get(name).contains(lb.id()))
                        && service.port(port, protocol).isDefined());
    }

    /** Whether a service leaves nodes without a ready pod unhealthy on purpose, and this instance's node is one. */
    Option<Boolean> hasReadyPod(Service service, String instance) {
        Option<Node> node = cluster.nodeOfInstance(instance);
        boolean tells = service.externalLocal() && cluster.captured().endpoints();
        return node.filter(known -> tells)
                .map(known -> cluster.endpointsOf(service.key())
                        .exists(endpoint -> endpoint.ready() && endpoint.node().contains(known.name())));
    }

    /** What a listener's description or a group's name says. */
    Option<Decision> ofName(String what, String name, Evidence evidence) {
        String[] parts = name.split("/", -1);
        if (parts.length != 5 || !parts[0].equals("k8s")) {
            return Option.none();
        }
        ServiceKey key = new ServiceKey(parts[3], parts[2]);
        return Option.some(Decision.found(
                        what + " was made for service " + key + ", port " + parts[1] + ", of cluster " + parts[4]
                                + known(key),
                        evidence)
                .with(cluster.service(key).map(Service::evidence)));
    }

    /** What the tags of a load balancer say. */
    Option<Decision> ofTags(LoadBalancer lb) {
        Option<Json> tag =
                lb.json().items("Tags", "Tag").find(t -> t.text("TagKey").contains(UID_TAG));
        Option<Service> service = tag.flatMap(t -> t.text("TagValue"))
                .flatMap(value -> cluster.services()
                        .find(s -> s.uid().exists(uid -> tagOf(uid).equals(value))));
        return service.map(s -> Decision.found(
                lb.label() + " was made for service " + s.key() + ": its tag " + UID_TAG + " holds the service's uid",
                tag.get().evidence(),
                s.evidence()));
    }

    /** The tag's value for a service: {@code a} and the uid without hyphens, 32 characters. */
    static String tagOf(String uid) {
        String value = "a" + uid.replace("-", "").toLowerCase(Locale.ROOT);
        return value.substring(0, Math.min(TAG_LENGTH, value.length()));
    }

    private String known(ServiceKey key) {
        return !cluster.captured().services() || cluster.service(key).isDefined()
                ? ""
                : "; no such service is in the captured cluster";
    }
}
