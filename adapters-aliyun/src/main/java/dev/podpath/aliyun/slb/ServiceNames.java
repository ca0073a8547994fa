package dev.podpath.aliyun.slb;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
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

    private final Cluster cluster;

    ServiceNames(Cluster cluster) {
        this.cluster = cluster;
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
