package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Liveness;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Resolves an HTTP request at a pod that is an ingress-nginx controller. */
final class NginxIngressResolver implements HopResolver {
    private final Cluster cluster;
    private final Configurations configurations;
    private final Ingresses ingresses;
    private final Controllers controllers;
    private final Upstreams upstreams;

    NginxIngressResolver(Cluster cluster, Configurations configurations, Ingresses ingresses) {
        this.cluster = cluster;
        this.configurations = configurations;
        this.ingresses = ingresses;
        this.controllers = new Controllers(cluster, configurations);
        this.upstreams = new Upstreams(cluster, configurations, ingresses);
    }

    @Override
    public String id() {
        return "ingress-nginx";
    }

    /** Before the cluster itself, which would take the controller for the end of the path. */
    @Override
    public int order() {
        return 150;
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof PodPort at && at.flow().http().isDefined();
    }

    @Override
    public Resolution resolve(Location location) {
        PodPort at = (PodPort) location;
        return controllers
                .at(at.address())
                .map(pod -> Resolution.of(hop(at, pod)))
                .getOrElse(Resolution::declined);
    }

    private Hop hop(PodPort at, Pod pod) {
        HopDraft draft = new HopDraft(at, pod);
        draft.add(liveness(pod));
        Option<String> stale = stale(at, pod);
        if (stale.isDefined()) {
            draft.add(Decision.notFound(stale.get(), pod.evidence()));
            return draft.ends(Disposition.DELIVERED_STALE, Option.none());
        }
        Option<String> source = controllers.source(pod);
        if (source.isEmpty()) {
            return draft.unknown(
                    Decision.unknown("the configuration of the controller was not captured", missing(pod)));
        }
        Either<DocumentProblem, HttpConf> conf =
                configurations.conf(source.get()).get();
        if (conf.isLeft()) {
            return draft.unknown(Decision.unknown(
                    "the configuration of the controller cannot be read: " + conf.getLeft(), missing(pod)));
        }
        if (!source.get().equals(pod.id())) {
            draft.assume("the controller " + pod.id() + " has the configuration of its replica " + source.get()
                    + ", whose nginx.conf was captured");
        }
        return new ControllerStep(cluster, ingresses, upstreams, draft, conf.get(), source.get()).hop();
    }

    private static Decision liveness(Pod pod) {
        String state =
                pod.phase() + (pod.ready() ? ", ready" : ", not ready") + (pod.terminating() ? ", terminating" : "");
        return Decision.found(
                "pod " + pod.id() + (pod.hostNetwork() ? " on the network of node " : " on node ")
                        + pod.node().getOrElse("(none)") + ": " + state,
                pod.evidence());
    }

    /** Why nobody answers there, or not on behalf of the service; empty where somebody does. */
    private Option<String> stale(PodPort at, Pod pod) {
        if (!pod.phase().equals("Running")) {
            return Option.some("pod " + pod.id() + " is in phase " + pod.phase());
        }
        return at.service()
                .map(ref -> cluster.liveness(at.address(), ref))
                .filter(Liveness.Stale.class::isInstance)
                .map(found -> ((Liveness.Stale) found).reason());
    }

    private static Missing missing(Pod pod) {
        String file = "ingress/" + pod.id() + "/nginx.conf";
        return new Missing(
                file,
                "kubectl exec -n " + pod.namespace() + " " + pod.name() + " -- cat /etc/nginx/nginx.conf > " + file);
    }
}
