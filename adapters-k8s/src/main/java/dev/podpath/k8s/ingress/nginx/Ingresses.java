package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Ingress objects (networking.k8s.io/v1), as far as the controller's configuration does not tell. */
final class Ingresses {
    private static final String PREFIX = "nginx.ingress.kubernetes.io/";
    private static final Vector<String> PATHS =
            Vector.of("kubernetes/ingresses.json", "kubernetes/ingresses.yaml", "kubernetes/ingresses.yml");

    private final Vector<DocumentProblem> problems;
    private final boolean captured;
    private final Vector<Item> items;
    private final Vector<Json> configMaps;

    private Ingresses(Vector<DocumentProblem> problems, boolean captured, Vector<Item> items, Vector<Json> configMaps) {
        this.problems = problems;
        this.captured = captured;
        this.items = items;
        this.configMaps = configMaps;
    }

    /** One Ingress. */
    record Item(Json json) {
        String id() {
            return json.at("metadata").textOr("", "namespace") + "/"
                    + json.at("metadata").textOr("", "name");
        }

        /** An annotation of the controller, without its prefix. */
        Option<String> annotation(String name) {
            return json.text("metadata", "annotations", PREFIX + name);
        }

        Vector<String> hosts() {
            return json.items("spec", "rules").flatMap(rule -> rule.text("host"));
        }

        boolean hasTls() {
            return !json.items("spec", "tls").isEmpty();
        }

        boolean isCanary() {
            return annotation("canary").contains("true");
        }

        Option<String> className() {
            return json.text("spec", "ingressClassName")
                    .orElse(() -> json.text("metadata", "annotations", "kubernetes.io/ingress.class"));
        }

        Evidence evidence() {
            return json.at("spec").evidence("ingressClassName", "rules", "tls");
        }

        Evidence annotationEvidence(String name) {
            return json.at("metadata", "annotations").evidence(PREFIX + name);
        }
    }

    static Ingresses read(Snapshot snapshot) {
        Option<Either<DocumentProblem, Json>> list =
                PATHS.flatMap(snapshot::document).headOption().map(Document::json);
        Option<Json> root = list.flatMap(Either::toOption);
        Vector<Json> maps = snapshot.document("kubernetes/configmaps.json")
                .flatMap(document -> document.json().toOption())
                .map(json -> json.items("items"))
                .getOrElse(Vector.empty());
        return new Ingresses(
                list.toVector().flatMap(either -> either.swap().toVector()),
                root.isDefined(),
                root.map(json -> json.items("items").map(Item::new)).getOrElse(Vector.empty()),
                maps);
    }

    /** What could not be read. */
    Vector<DocumentProblem> problems() {
        return problems;
    }

    /** Whether Ingress objects were captured at all. */
    boolean captured() {
        return captured;
    }

    /** The Ingress {@code namespace/name}. */
    Option<Item> item(String id) {
        return items.find(item -> item.id().equals(id));
    }

    /** Ingresses with a rule for one of these hosts. */
    Vector<Item> forHosts(Vector<String> hosts) {
        return items.filter(item -> item.hosts().exists(hosts::contains));
    }

    /** The value of a key that ConfigMaps of a namespace give their controller, with the place. */
    Option<Json> setting(String namespace, String key) {
        return configMaps
                .filter(map -> map.at("metadata").textOr("", "namespace").equals(namespace))
                .map(map -> map.at("data", key))
                .find(Json::isPresent);
    }
}
