package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Liveness;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.k8s.ingress.nginx.predict.Prediction;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Resolves an HTTP request at a pod that is an ingress-nginx controller. */
final class NginxIngressResolver implements HopResolver {
    private static final Missing INGRESSES =
            new Missing("kubernetes/ingresses.json", "kubectl get ingresses -A -o json > kubernetes/ingresses.json");

    private final Cluster cluster;
    private final Configurations configurations;
    private final Ingresses ingresses;
    private final Controllers controllers;
    private final Upstreams upstreams;
    private final Predictions predictions;

    NginxIngressResolver(Cluster cluster, Configurations configurations, Ingresses ingresses, Predictions predictions) {
        this.predictions = predictions;
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
        return location instanceof PodPort at && at.flow().protocol() == Protocol.TCP;
    }

    @Override
    public Resolution resolve(Location location) {
        PodPort at = (PodPort) location;
        Option<Hop> stream = controllers
                .owning(at.address().address())
                .flatMap(pod -> stream(at, pod))
                .headOption();
        if (stream.isDefined()) {
            return Resolution.of(stream.get());
        }
        return at.flow().http().isDefined() ? http(at) : Resolution.declined();
    }

    /** The hop at a port of a TCP or UDP service; empty where the port is none. */
    private Option<Hop> stream(PodPort at, Pod pod) {
        Option<StreamServices.Taken> taken = controllers.source(pod).isDefined()
                ? controllers.streamService(pod, at.address().port(), at.flow().protocol())
                : predictions.streamService(pod, at.address().port(), at.flow().protocol());
        return taken.map(found -> {
            HopDraft draft = new HopDraft(at, pod);
            draft.add(liveness(pod));
            if (controllers.source(pod).isEmpty()) {
                draft.assume("the controller " + pod.id()
                        + " has in force what its ConfigMap of "
                        + at.flow().protocol() + " services says; its nginx.conf was"
                        + " not captured");
            }
            Option<String> stale = stale(at, pod);
            if (stale.isDefined()) {
                draft.add(Decision.notFound(stale.get(), pod.evidence()));
                return draft.ends(Disposition.DELIVERED_STALE, Option.none());
            }
            return new StreamStep(cluster, draft, found).hop();
        });
    }

    private Resolution http(PodPort at) {
        return controllers
                .at(at.address())
                .map(pod -> Resolution.of(hop(at, pod)))
                .getOrElse(() -> controllers
                        .named(at.address())
                        .filter(pod -> !cluster.captured().pods())
                        .map(pod -> Resolution.of(withoutPods(at, pod)))
                        .getOrElse(Resolution::declined));
    }

    private static Hop withoutPods(PodPort at, String pod) {
        return Hop.at(at, HopKind.INGRESS, "ingress-nginx controller " + pod)
                .decisions(Vector.of(Decision.unknown(
                        "pods were not captured, so what the controller " + pod + " does with the request is not known",
                        new Missing("kubernetes/pods.json", "kubectl get pods -A -o json > kubernetes/pods.json"))))
                .unknown()
                .build();
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
            return predictions
                    .of(pod)
                    .map(predicted -> predicted(draft, predicted))
                    .getOrElse(() -> draft.unknown(Decision.unknown(
                            "the configuration of the controller was not captured, and no Ingress objects to predict it from",
                            missing(pod),
                            INGRESSES)));
        }
        Either<DocumentProblem, HttpConf> conf =
                configurations.conf(source.get()).get();
        if (conf.isLeft()) {
            return draft.unknown(Decision.unknown(
                    "the configuration of the controller cannot be read: " + conf.getLeft(), missing(pod)));
        }
        boolean socket =
                conf.get().listener(at.address()).isDefined() || conf.get().listensOn(Controllers.BEHIND_PASSTHROUGH);
        if (!socket) {
            return draft.unknown(Decision.unknown(
                    "the captured nginx.conf has no socket for port "
                            + at.address().port() + ", which the controller declares; it may be incomplete",
                    missing(pod)));
        }
        if (!source.get().equals(pod.id())) {
            draft.assume("the controller " + pod.id() + " has the configuration of its replica " + source.get()
                    + ", whose nginx.conf was captured");
        }
        return new ControllerStep(cluster, ingresses, upstreams, draft, conf.get(), source.get(), predictions.of(pod))
                .hop();
    }

    /** The hop by what the controller makes of the Ingress objects. */
    private Hop predicted(HopDraft draft, Predictions.Predicted predicted) {
        Pod pod = draft.pod();
        Prediction prediction = predicted.prediction();
        draft.predictedFrom(prediction.sources());
        draft.assume("the controller " + pod.id()
                + " has in force what version 1.15 makes of the Ingress objects as they were"
                + " captured; its nginx.conf was not captured");
        prediction.assumptions().forEach(draft::assume);
        String host = draft.at().flow().http().get().host();
        Vector<Prediction.Unserved> refused = prediction.refused();
        if (!refused.isEmpty() || predicted.conf().isLeft()) {
            String why = refused.headOption()
                    .map(Prediction.Unserved::why)
                    .getOrElse(() -> predicted.conf().getLeft().toString());
            return draft.unknown(Decision.unknown(
                            "nginx refuses what the controller makes of the Ingress objects, so it keeps the configuration it"
                                    + " had: " + why,
                            missing(pod))
                    .with(refused.flatMap(Prediction.Unserved::evidence)));
        }
        prediction
                .ignored(host)
                .forEach(each -> draft.add(
                        Decision.skipped("Ingress " + each.ingress() + " is not this controller's: " + each.why())
                                .with(each.evidence())));
        Drift.overruled(draft, prediction);
        prediction.snippets(host).forEach(name -> draft.limit(name + " is not read"));
        Upstreams own = new Upstreams(cluster, predicted.configurations(), ingresses);
        return new ControllerStep(
                        cluster, ingresses, own, draft, predicted.conf().get(), pod.id(), Option.none())
                .hop();
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
