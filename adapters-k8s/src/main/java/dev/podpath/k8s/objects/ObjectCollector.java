package dev.podpath.k8s.objects;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.KubeProxyConfig;
import dev.podpath.core.cluster.Node;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Support;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.ItemList;
import dev.podpath.ports.snapshot.ItemTaker;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Manifest;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Takes objects by their kind, whatever file they are in, and remembers which kinds were captured at all. */
final class ObjectCollector {
    /** From so many bytes on it pays to read a list by several threads. */
    private static final int LARGE = 4 << 20;

    private final Fields fields;
    private final List<Service> services = new ArrayList<>();
    private final EndpointReader slices;
    private final EndpointReader endpoints;
    private final List<Pod> pods = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<DocumentReport> reports = new ArrayList<>();
    private final Set<String> kinds = new HashSet<>();
    private final ClusterDomain domain = new ClusterDomain();
    private Option<KubeProxyConfig> kubeProxy = Option.none();
    private String last = "";

    ObjectCollector() {
        this(new Fields());
    }

    private ObjectCollector(Fields fields) {
        this.fields = fields;
        this.slices = new EndpointReader(fields);
        this.endpoints = new EndpointReader(fields);
    }

    void take(Document document) {
        Option<ItemList<Part>> list = document.bytes().length < LARGE ? Option.none() : document.items(Part::new);
        if (list.isDefined()) {
            take(document, list.get());
        } else {
            takeWhole(document);
        }
    }

    private void take(Document document, ItemList<Part> list) {
        Map<Support, Integer> counts = new EnumMap<>(Support.class);
        captured(document, list.document());
        for (Part part : list.parts()) {
            absorb(part.collector);
            part.counts.forEach((support, number) -> counts.merge(support, number, Integer::sum));
        }
        reports.add(new DocumentReport(document.path(), "objects", TreeMap.ofAll(counts)));
    }

    private void takeWhole(Document document) {
        Either<DocumentProblem, Json> read = document.json();
        if (read.isLeft()) {
            fields.add(read.getLeft());
            return;
        }
        // A YAML stream of several documents is read as an array of them.
        Vector<Json> roots = read.get().isArray() ? read.get().items() : Vector.of(read.get());
        if (roots.isEmpty()) {
            notKubectl(document, read.get());
        }
        Map<Support, Integer> counts = new EnumMap<>(Support.class);
        for (Json root : roots) {
            root(document, root, counts);
        }
        if (!counts.isEmpty() || roots.exists(ObjectCollector::isList)) {
            reports.add(new DocumentReport(document.path(), "objects", TreeMap.ofAll(counts)));
        }
    }

    /** Takes what another collector took of the documents that follow. */
    void absorb(ObjectCollector later) {
        fields.absorb(later.fields);
        services.addAll(later.services);
        slices.absorb(later.slices);
        endpoints.absorb(later.endpoints);
        pods.addAll(later.pods);
        nodes.addAll(later.nodes);
        reports.addAll(later.reports);
        kinds.addAll(later.kinds);
        domain.absorb(later.domain);
        kubeProxy = kubeProxy.orElse(later.kubeProxy);
    }

    private void root(Document document, Json root, Map<Support, Integer> counts) {
        if (!isList(root) && root.text("kind").forAll(kind -> kind.endsWith("List"))) {
            notKubectl(document, root);
            return;
        }
        captured(document, root);
        if (!isList(root)) {
            counts.merge(object(root, ""), 1, Integer::sum);
            return;
        }
        String kind = root.textOr("", "kind");
        String ofItems = kind.endsWith("List") ? kind.substring(0, kind.length() - 4) : "";
        root.at("items").forEachItem(object -> counts.merge(object(object, ofItems), 1, Integer::sum));
    }

    /** Takes some objects of a long list; gives up at the first one that something is to be said about. */
    private static final class Part implements ItemTaker {
        private final ObjectCollector collector = new ObjectCollector(new Fields(true));
        private final Map<Support, Integer> counts = new EnumMap<>(Support.class);

        @Override
        public boolean take(Json object) {
            counts.merge(collector.object(object, ""), 1, Integer::sum);
            return collector.fields.isClean();
        }
    }

    private void notKubectl(Document document, Json root) {
        fields.unusable(
                root,
                "neither an object with its kind nor a list with items",
                "what is printed by: kubectl get " + plural(document.name()) + " -A -o json");
    }

    private static boolean isList(Json root) {
        return root.at("items").isArray();
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

    /** How well the object is understood. The items of a typed list need not repeat their kind. */
    private Support object(Json object, String listKind) {
        String kind = object.textOr(listKind, "kind");
        if (kind.isEmpty()) {
            fields.unusable(object, "no kind", "an object with its kind");
            return Support.UNRECOGNIZED;
        }
        Option<Boolean> taken = taken(kind, object);
        if (taken.isEmpty()) {
            boolean known = kind.equals("ConfigMap") ? configMap(object) : kind.startsWith("Ingress");
            return known ? Support.FULL : Support.IRRELEVANT;
        }
        if (!kind.equals(last)) {
            last = kind;
            kinds.add(plural(kind));
        }
        if (taken.get()) {
            return Support.FULL;
        }
        fields.unusable(
                object,
                "a " + kind + " without it",
                kind.equals("Node") ? "metadata.name" : "metadata.namespace and metadata.name");
        return Support.UNRECOGNIZED;
    }

    /** Whether an object of the inventory has what identifies it; empty for objects of other kinds. */
    private Option<Boolean> taken(String kind, Json object) {
        return switch (kind) {
            case "Service" -> Option.some(add(services, ServiceReader.read(object, fields)));
            case "EndpointSlice" -> {
                slices.slice(object);
                yield Option.some(true);
            }
            case "Endpoints" -> Option.some(endpoints.endpoints(object));
            case "Pod" -> Option.some(add(pods, PodReader.read(object, fields)));
            case "Node" -> Option.some(add(nodes, NodeReader.read(object, fields)));
            default -> Option.none();
        };
    }

    private boolean configMap(Json object) {
        if (KubeProxyConfigReader.isOne(object) && kubeProxy.isEmpty()) {
            kubeProxy = KubeProxyConfigReader.read(object, fields)
                    .peekLeft(fields::add)
                    .getOrElse(Option.none());
            return true;
        }
        return domain.take(object, fields);
    }

    private static <T> boolean add(List<T> list, Option<T> read) {
        read.forEach(list::add);
        return read.isDefined();
    }

    /** Of a kind that the capture got in part only, what is not there is unknown, as if the kind had not been captured. */
    private boolean whole(String kind, Manifest manifest) {
        return kinds.contains(kind)
                && manifest.gap("kubernetes/" + kind + ".json").isEmpty();
    }

    Cluster cluster(Manifest manifest) {
        boolean fromSlices = kinds.contains("endpointslices");
        EndpointReader used = fromSlices ? slices : endpoints;
        Cluster.Captured captured = new Cluster.Captured(
                whole("services", manifest),
                whole(fromSlices ? "endpointslices" : "endpoints", manifest) && !used.isOverflown(),
                whole("pods", manifest),
                whole("nodes", manifest));
        return new Cluster(
                captured,
                domain.domain(),
                kubeProxy,
                Vector.ofAll(services),
                used.all(portless()),
                Vector.ofAll(pods),
                Vector.ofAll(nodes));
    }

    /** Endpoints without a port are kept where their service has no ports either; elsewhere nothing can use them. */
    private Set<ServiceKey> portless() {
        Set<ServiceKey> portless = new HashSet<>();
        for (Service service : services) {
            if (service.headless() && service.ports().isEmpty()) {
                portless.add(service.key());
            }
        }
        return portless;
    }

    Vector<DocumentProblem> problems() {
        Vector<DocumentProblem> all = fields.problems();
        return slices.isOverflown() || endpoints.isOverflown()
                ? all.append(DocumentProblem.of(
                        "kubernetes/",
                        "more than " + EndpointReader.MOST + " endpoints",
                        "at most so many; none of them is used"))
                : all;
    }

    Vector<DocumentReport> reports() {
        return Vector.ofAll(reports);
    }
}
