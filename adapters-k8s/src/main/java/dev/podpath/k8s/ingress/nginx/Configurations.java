package dev.podpath.k8s.ingress.nginx;

import dev.podpath.k8s.ingress.nginx.conf.Includes;
import dev.podpath.k8s.ingress.nginx.conf.NginxConf;
import dev.podpath.k8s.ingress.nginx.predict.Prediction;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was captured of controllers, by {@code namespace/name} of the pod. */
final class Configurations {
    private static final String ROOT = "ingress/";

    private final Map<String, Either<DocumentProblem, HttpConf>> confs = new TreeMap<>();
    private final Map<String, Either<DocumentProblem, Backends>> backends = new TreeMap<>();
    private final List<DocumentProblem> problems = new ArrayList<>();
    private final List<DocumentReport> reports = new ArrayList<>();

    private Configurations() {}

    static Configurations read(Snapshot snapshot) {
        Configurations all = new Configurations();
        for (String namespace : snapshot.directories(ROOT)) {
            for (String pod : snapshot.directories(ROOT + namespace + "/")) {
                String directory = ROOT + namespace + "/" + pod + "/";
                String id = namespace + "/" + pod;
                snapshot.document(directory + "nginx.conf")
                        .forEach(document -> all.addConf(id, document, Includes.below(snapshot, directory)));
                snapshot.document(directory + "backends.json").forEach(document -> all.addBackends(id, document));
            }
        }
        return all;
    }

    private void addConf(String id, Document document, Includes includes) {
        Either<DocumentProblem, NginxConf> conf = NginxConf.parse(document, includes);
        conf.swap().forEach(problems::add);
        conf.forEach(read -> reports.add(DocumentReport.full(document.path(), "directives", read.count())));
        confs.put(id, conf.map(HttpConf::of));
    }

    private void addBackends(String id, Document document) {
        Either<DocumentProblem, Backends> read = Backends.read(document);
        read.swap().forEach(problems::add);
        read.forEach(list -> reports.add(DocumentReport.full(document.path(), "backends", list.size())));
        backends.put(id, read);
    }

    /** What was predicted for one pod, in the place of what was captured of it. */
    static Configurations predicted(String id, Prediction prediction) {
        Configurations one = new Configurations();
        one.confs.put(id, NginxConf.parse(prediction.conf(), Includes.NONE).map(HttpConf::of));
        prediction.backends().forEach(document -> one.backends.put(id, Backends.read(document)));
        return one;
    }

    /** The configuration of a pod, or what is wrong with it; empty where none was captured. */
    Option<Either<DocumentProblem, HttpConf>> conf(String pod) {
        return Option.of(confs.get(pod));
    }

    /** The endpoints the controller in a pod balances over; empty where they were not captured. */
    Option<Either<DocumentProblem, Backends>> backends(String pod) {
        return Option.of(backends.get(pod));
    }

    /** Pods whose configuration was captured and can be read, sorted. */
    Vector<String> pods() {
        return Vector.ofAll(confs.keySet()).filter(pod -> conf(pod).exists(Either::isRight));
    }

    Vector<DocumentProblem> problems() {
        return Vector.ofAll(problems);
    }

    Vector<DocumentReport> reports() {
        return Vector.ofAll(reports);
    }
}
