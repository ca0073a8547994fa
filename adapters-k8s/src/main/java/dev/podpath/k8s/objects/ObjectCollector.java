package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.KubeProxyConfig;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Support;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes objects by their kind, whatever file they are in, and remembers which kinds were captured at all. */
final class ObjectCollector {
    private static final Pattern ZONE = Pattern.compile("(?m)^\\s*kubernetes\\s+([A-Za-z0-9.-]{1,253})");

    private final List<Service> services = new ArrayList<>();
    private final List<Endpoint> slices = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Pod> pods = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<DocumentProblem> problems = new ArrayList<>();
    private final List<DocumentReport> reports = new ArrayList<>();
    private final Set<String> kinds = new HashSet<>();
    private Option<KubeProxyConfig> kubeProxy = Option.none();
    private Option<String> domain = Option.none();

    void take(Document document) {
        Either<DocumentProblem, Json> read = document.json();
        if (read.isLeft()) {
            problems.add(read.getLeft());
            return;
        }
        Json root = read.get();
        boolean list = root.at("items").isArray();
        if (!list && root.text("kind").isEmpty()) {
            problems.add(new DocumentProblem(
                    document.path(),
                    Option.some(1),
                    "JSON without kind or items",
                    "what kubectl get -o json prints",
                    "capture it with: kubectl get " + plural(document.name()) + " -A -o json"));
            return;
        }
        captured(document, root);
        Vector<Json> objects = list ? root.items("items") : Vector.of(root);
        int used = 0;
        for (Json object : objects) {
            if (object(object)) {
                used++;
            }
        }
        reports.add(new DocumentReport(
                document.path(), "objects", TreeMap.of(Support.FULL, used, Support.IRRELEVANT, objects.size() - used)));
    }

    /** An empty list says by its kind or by its file's name what there is none of. */
    private void captured(Document document, Json root) {
        String kind = root.textOr("", "kind");
        kinds.add(
                kind.equals("List") || kind.isEmpty()
                        ? plural(document.name())
                        : plural(kind.endsWith("List") ? kind.substring(0, kind.length() - 4) : kind));
    }

    private static String plural(String name) {
        String word = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(json|ya?ml)$", "");
        return word.endsWith("s") ? word : word + "s";
    }

    /** Whether the object is of a kind that matters. */
    private boolean object(Json object) {
        String kind = object.textOr("", "kind");
        switch (kind) {
            case "Service" -> add(services, object, ServiceReader.read(object));
            case "EndpointSlice" -> addAll(slices, object, EndpointReader.slice(object));
            case "Endpoints" -> addAll(endpoints, object, EndpointReader.endpoints(object));
            case "Pod" -> add(pods, object, PodReader.read(object));
            case "Node" -> add(nodes, object, NodeReader.read(object));
            case "ConfigMap" -> {
                return configMap(object);
            }
            default -> {
                return kind.startsWith("Ingress");
            }
        }
        kinds.add(plural(kind));
        return true;
    }

    private boolean configMap(Json object) {
        if (KubeProxyConfigReader.isOne(object) && kubeProxy.isEmpty()) {
            Either<DocumentProblem, Option<KubeProxyConfig>> config = KubeProxyConfigReader.read(object);
            config.peekLeft(problems::add);
            kubeProxy = config.getOrElse(Option.none());
            return true;
        }
        Option<String> corefile = object.at("data").text("Corefile");
        if (corefile.isDefined() && domain.isEmpty()) {
            Matcher zone = ZONE.matcher(corefile.get());
            domain = zone.find() ? Option.some(zone.group(1).toLowerCase(Locale.ROOT)) : Option.none();
        }
        return corefile.isDefined();
    }

    private <T> void add(List<T> list, Json object, Either<String, T> read) {
        read.peek(list::add).peekLeft(expected -> problem(object, expected));
    }

    private <T> void addAll(List<T> list, Json object, Either<String, Vector<T>> read) {
        read.peek(all -> all.forEach(list::add)).peekLeft(expected -> problem(object, expected));
    }

    private void problem(Json object, String expected) {
        problems.add(new DocumentProblem(
                object.document().path(),
                object.evidence().line(),
                "an object at " + object.pointer() + " without it",
                expected,
                "capture the document again"));
    }

    Cluster cluster() {
        boolean fromSlices = kinds.contains("endpointslices");
        Cluster.Captured captured = new Cluster.Captured(
                kinds.contains("services"),
                fromSlices || kinds.contains("endpoints"),
                kinds.contains("pods"),
                kinds.contains("nodes"));
        return new Cluster(
                captured,
                domain.getOrElse("cluster.local"),
                kubeProxy,
                Vector.ofAll(services),
                Vector.ofAll(fromSlices ? slices : endpoints),
                Vector.ofAll(pods),
                Vector.ofAll(nodes));
    }

    Vector<DocumentProblem> problems() {
        return Vector.ofAll(problems);
    }

    Vector<DocumentReport> reports() {
        return Vector.ofAll(reports);
    }
}
