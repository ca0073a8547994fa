package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** An Ingress (networking.k8s.io/v1; the fields of v1beta1 are read as well) as ingress-nginx reads it. */
public final class IngressObject {
    private static final String CLASS = "kubernetes.io/ingress.class";

    private final Json json;
    private final String prefix;
    private final Vector<Rule> rules;

    /**
     * Reads an Ingress.
     *
     * @param annotationsPrefix what the controller's annotations begin with, without the slash
     */
    public IngressObject(Json json, String annotationsPrefix) {
        this.json = json;
        this.prefix = annotationsPrefix + "/";
        this.rules = json.items("spec", "rules").map(Rule::new);
    }

    /** A rule: a host and its paths. */
    record Rule(Json json) {
        /** The host; empty text for every host. */
        String host() {
            return json.textOr("", "host");
        }

        boolean hasHttp() {
            return json.at("http").isObject();
        }

        Vector<PathRule> paths() {
            return json.items("http", "paths").map(PathRule::new);
        }
    }

    /** A path of a rule. */
    record PathRule(Json json) {
        /** The path; an empty one is the root. */
        String path() {
            String path = json.textOr("", "path");
            return path.isEmpty() ? "/" : path;
        }

        /** Everything but Exact is Prefix for this controller ({@code SetDefaultNGINXPathType}). */
        boolean isExact() {
            return json.textOr("", "pathType").equals("Exact");
        }

        Option<BackendRef> backend() {
            return BackendRef.of(json.at("backend"));
        }

        Evidence evidence() {
            return json.evidence();
        }
    }

    /**
     * A service port that an Ingress names.
     *
     * @param service name of the service, in the namespace of the Ingress
     * @param port number or name; empty text where none is given
     */
    record BackendRef(String service, String port) {
        static Option<BackendRef> of(Json backend) {
            Json service = backend.at("service");
            if (service.isObject()) {
                Json port = service.at("port");
                String number = port.textOr("0", "number");
                return Option.some(new BackendRef(
                        service.textOr("", "name"), number.equals("0") ? port.textOr("", "name") : number));
            }
            return backend.text("serviceName").map(name -> new BackendRef(name, backend.textOr("", "servicePort")));
        }

        /** The controller's name for its upstream. */
        String upstream(String namespace) {
            return port.isEmpty() ? namespace + "-INVALID" : namespace + "-" + service + "-" + port;
        }
    }

    /** Its namespace. */
    public String namespace() {
        return json.at("metadata").textOr("default", "namespace");
    }

    /** Its name. */
    public String name() {
        return json.at("metadata").textOr("", "name");
    }

    /** {@code namespace/name}. */
    public String id() {
        return namespace() + "/" + name();
    }

    /** When it was created; times of one form, so that their texts compare as they do. */
    String created() {
        return json.at("metadata").textOr("", "creationTimestamp");
    }

    Vector<Rule> rules() {
        return rules;
    }

    Option<BackendRef> defaultBackend() {
        Json backend = json.at("spec", "defaultBackend");
        return BackendRef.of(backend.isObject() ? backend : json.at("spec", "backend"));
    }

    boolean isCanary() {
        return isTrue("canary");
    }

    /** {@code spec.ingressClassName}. */
    Option<String> className() {
        return json.text("spec", "ingressClassName");
    }

    /** The older annotation for the class. */
    Option<String> classAnnotation() {
        return json.text("metadata", "annotations", CLASS);
    }

    /** An annotation of the controller, by its name without prefix. */
    Option<String> annotation(String name) {
        return json.text("metadata", "annotations", prefix + name).map(String::strip);
    }

    /** The first of these annotations that is there. */
    Option<String> annotation(String name, String alias) {
        return annotation(name).orElse(() -> annotation(alias));
    }

    boolean isTrue(String name) {
        return annotation(name).exists(Truth::isTrue);
    }

    /** The truth of an annotation, or of the setting it overrides. */
    boolean isTrue(String name, boolean otherwise) {
        return annotation(name)
                .flatMap(text -> Truth.isTrue(text)
                        ? Option.some(true)
                        : Truth.isFalse(text) ? Option.some(false) : Option.<Boolean>none())
                .getOrElse(otherwise);
    }

    /** Names of annotations that hold configuration of their own, which is not predicted. */
    Vector<String> snippets() {
        return json.at("metadata", "annotations")
                .names()
                .filter(name -> name.startsWith(prefix) && name.endsWith("-snippet"))
                .map(name -> name.substring(prefix.length()));
    }

    /** What it says, in short. */
    public Evidence evidence() {
        return json.evidenceOfPaths("metadata.namespace", "metadata.name", "spec");
    }

    Evidence evidence(String annotation) {
        return json.at("metadata", "annotations").evidence(prefix + annotation);
    }

    @Override
    public String toString() {
        return "Ingress " + id();
    }
}
