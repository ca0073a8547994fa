package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Set;

/** Which pods are ingress-nginx controllers, and whose configuration stands for whose. */
final class Controllers {
    /** The port behind the controller's own TLS proxy, which takes 443 where passthrough is enabled. */
    static final int BEHIND_PASSTHROUGH = 442;

    private static final Set<String> OTHER_PORTS = Set.of("webhook", "metrics", "prometheus", "healthz");

    private final Cluster cluster;
    private final Configurations configurations;

    Controllers(Cluster cluster, Configurations configurations) {
        this.cluster = cluster;
        this.configurations = configurations;
    }

    /** The controller that takes connections to an address, the live one first. */
    Option<Pod> at(AddressPort to) {
        return owning(to.address()).find(pod -> takes(pod, to));
    }

    /** The controllers that have an address, the live ones first. */
    Vector<Pod> owning(IpAddress address) {
        return cluster.podsAt(address).filter(this::isController).sortBy(pod -> pod.isLive() ? 0 : 1);
    }

    private boolean isController(Pod pod) {
        String component = pod.labels().getOrElse("app.kubernetes.io/component", "controller");
        boolean named = pod.labels().get("app").contains("ingress-nginx")
                || pod.labels().get("app.kubernetes.io/name").contains("ingress-nginx")
                || pod.images()
                        .exists(image -> image.contains("ingress-nginx/controller")
                                || image.contains("nginx-ingress-controller"));
        return named && component.equals("controller")
                || configurations.conf(pod.id()).isDefined();
    }

    private boolean takes(Pod pod, AddressPort to) {
        Option<HttpConf> conf = source(pod).flatMap(this::readable);
        boolean declared = pod.ports()
                .exists(port -> port.protocol() == Protocol.TCP
                        && port.port() == to.port()
                        && !OTHER_PORTS.contains(port.name()));
        // A declared port without a socket in the configuration is still the controller's: the step says what is wrong.
        return declared || conf.exists(read -> read.listener(to).isDefined());
    }

    /** The TCP or UDP service of a port in the configuration that stands for the pod's. */
    Option<StreamServices.Taken> streamService(Pod pod, int port, Protocol protocol) {
        return source(pod).flatMap(this::readable).flatMap(conf -> StreamServices.inConf(conf.conf(), port, protocol));
    }

    /** The controller pod behind an endpoint, by the name its slice gives it: for where pods were not captured. */
    Option<String> named(AddressPort to) {
        return cluster.endpoints()
                .filter(endpoint -> endpoint.address().equals(to))
                .flatMap(Endpoint::pod)
                .find(pod -> configurations.conf(pod).isDefined());
    }

    private Option<HttpConf> readable(String pod) {
        return configurations.conf(pod).flatMap(conf -> conf.toOption());
    }

    /** The pod whose captured configuration stands for this one's: its own, else that of a replica. */
    Option<String> source(Pod pod) {
        if (configurations.conf(pod.id()).isDefined()) {
            return Option.some(pod.id());
        }
        Vector<String> replicas =
                configurations.pods().filter(other -> stem(other).equals(stem(pod.id())));
        return replicas.headOption();
    }

    /** A pod's name without the suffix that its owner gave it. */
    private static String stem(String id) {
        int dash = id.lastIndexOf('-');
        return dash < 0 || id.length() - dash > 6 ? id : id.substring(0, dash);
    }
}
