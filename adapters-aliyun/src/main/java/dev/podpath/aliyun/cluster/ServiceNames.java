package dev.podpath.aliyun.cluster;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;
import java.util.function.Function;

/**
 * Which Kubernetes service a load balancer and its listeners are for, by what the cloud controller manager writes: the
 * name {@code k8s/PORT/SERVICE/NAMESPACE/CLUSTER} on listeners and server groups, and the tag
 * {@code kubernetes.do.not.delete} with the service's uid.
 */
public final class ServiceNames {
    private static final String UID_TAG = "kubernetes.do.not.delete";
    private static final String CONFIG_TAG = "ingress.k8s.alibaba/albconfig";
    private static final int TAG_LENGTH = 32;
    private static final Vector<String> ID_ANNOTATIONS = Vector.of(
            "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id",
            "service.beta.kubernetes.io/alicloud-loadbalancer-id");

    private final Cluster cluster;

    /** Joins with the services of this cluster. */
    public ServiceNames(Cluster cluster) {
        this.cluster = cluster;
    }

    /** The service that a group's name, or a listener's description, names. */
    public Option<Service> service(String name) {
        String[] parts = name.split("/", -1);
        return parts.length == 5 && parts[0].equals("k8s")
                ? cluster.service(new ServiceKey(parts[3], parts[2]))
                : Option.none();
    }

    /** The services whose annotation asks for the load balancer with this id, and which have the port. */
    public Vector<Service> claiming(String balancer, int port, Protocol protocol) {
        return cluster.services()
                .filter(service -> ID_ANNOTATIONS.exists(
                                name -> service.annotations().get(name).contains(balancer))
                        && service.port(port, protocol).isDefined());
    }

    /** Whether a service leaves nodes without a ready pod unhealthy on purpose, and this instance's node is one. */
    public Option<Boolean> hasReadyPod(Service service, String instance) {
        return service.externalLocal() ? cluster.hasReadyEndpoint(service.key(), instance) : Option.none();
    }

    /** What a listener's description or a group's name says. */
    public Option<Decision> ofName(String what, String name, Evidence evidence) {
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

    /** Whether pods were captured and none, nor a node, has an address. */
    public boolean isGone(IpAddress address) {
        return cluster.isGone(address);
    }

    /**
     * What a load balancer's tags, else its name, say of the service or Ingress it was made for.
     *
     * @param label the load balancer, for people
     * @param json the load balancer in its document
     */
    public Option<Decision> ofTags(String label, Json json) {
        Vector<Json> tags = json.items("Tags", "Tag").appendAll(json.items("Tags"));
        Option<Json> uid = tags.find(tag -> key(tag).contains(UID_TAG));
        Option<Decision> byTag = uid.flatMap(tag -> made(
                value(tag),
                service -> Decision.found(
                        label + " was made for service " + service.key() + ": its tag " + UID_TAG
                                + " holds the service's uid",
                        tag.evidence(),
                        service.evidence())));
        return byTag.orElse(() -> tags.find(tag -> key(tag).equals(CONFIG_TAG))
                        .map(tag -> Decision.found(
                                label + " was made for AlbConfig " + value(tag) + ", so for Ingresses of its class",
                                tag.evidence())))
                .orElse(() -> made(
                        json.textOr("", "LoadBalancerName"),
                        service -> Decision.found(
                                label + " was made for service " + service.key() + ": its name holds the service's uid",
                                json.evidence("LoadBalancerId", "LoadBalancerName"),
                                service.evidence())));
    }

    private Option<Decision> made(String uid, Function<Service, Decision> say) {
        return uid.isEmpty()
                ? Option.none()
                : cluster.services()
                        .find(service -> service.uid().exists(own -> tagOf(own).equals(uid)))
                        .map(say);
    }

    /** Products name the members of a tag differently. */
    private static String key(Json tag) {
        return tag.text("TagKey").orElse(tag.text("Key")).getOrElse("");
    }

    private static String value(Json tag) {
        return tag.text("TagValue").orElse(tag.text("Value")).getOrElse("");
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
