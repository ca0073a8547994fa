package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.net.Protocol;
import dev.podpath.k8s.ingress.nginx.predict.ControllerFlags;
import dev.podpath.k8s.ingress.nginx.predict.ControllerSettings;
import dev.podpath.k8s.ingress.nginx.predict.IngressObject;
import dev.podpath.k8s.ingress.nginx.predict.Prediction;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What controllers make of the Ingress objects; one prediction for all that were started alike. */
final class Predictions {
    private final Cluster cluster;
    private final ObjectList ingresses;
    private final ObjectList classes;
    private final ObjectList configMaps;
    private final Map<ControllerFlags, Prediction> made = new ConcurrentHashMap<>();
    private final Map<String, Predicted> byPod = new ConcurrentHashMap<>();

    Predictions(Snapshot snapshot, Cluster cluster) {
        this.cluster = cluster;
        this.ingresses = ObjectList.read(snapshot, "ingresses");
        this.classes = ObjectList.read(snapshot, "ingressclasses");
        this.configMaps = ObjectList.read(snapshot, "configmaps");
    }

    /**
     * What was predicted for one controller.
     *
     * @param prediction the prediction
     * @param conf its configuration, read as a captured one is
     * @param configurations its documents in the place of captured ones
     */
    record Predicted(Prediction prediction, Either<DocumentProblem, HttpConf> conf, Configurations configurations) {}

    /** What a controller would have; empty where Ingresses were not captured. */
    Option<Predicted> of(Pod pod) {
        return ingresses.captured() ? Option.some(byPod.computeIfAbsent(pod.id(), id -> make(pod))) : Option.none();
    }

    /** What the controller's ConfigMap of TCP or UDP services says of a port. */
    Option<StreamServices.Taken> streamService(Pod pod, int port, Protocol protocol) {
        return StreamServices.inConfigMap(ControllerFlags.of(pod), configMaps, port, protocol);
    }

    private Predicted make(Pod pod) {
        ControllerFlags flags = ControllerFlags.of(pod);
        Prediction prediction = made.computeIfAbsent(flags, this::predict);
        Configurations configurations = Configurations.predicted(pod.id(), prediction);
        return new Predicted(prediction, configurations.conf(pod.id()).get(), configurations);
    }

    private Prediction predict(ControllerFlags flags) {
        Vector<IngressObject> objects =
                ingresses.items().map(json -> new IngressObject(json, flags.annotationsPrefix()));
        return Prediction.of("(predicted)", objects, classes, flags, ControllerSettings.of(flags, configMaps), cluster);
    }

    Vector<DocumentProblem> problems() {
        return classes.problems();
    }
}
