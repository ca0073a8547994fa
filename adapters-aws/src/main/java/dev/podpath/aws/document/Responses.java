package dev.podpath.aws.document;

import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Support;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.NotCaptured;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All captured outputs of a snapshot: files {@code aws/REGION/SERVICE.OPERATION[.KEY].json}. Outputs of one operation are
 * taken together over all regions and files.
 */
public final class Responses {
    private static final String ROOT = "aws/";

    private final Map<Operation, List<Response>> byOperation = new EnumMap<>(Operation.class);
    private final List<DocumentProblem> problems = new ArrayList<>();
    private final List<DocumentReport> reports = new ArrayList<>();

    private final Set<Operation> incomplete = EnumSet.noneOf(Operation.class);

    private Responses() {}

    /** Reads the documents below {@code aws/}. Total: what cannot be read is among the problems. */
    public static Responses of(Snapshot snapshot) {
        Responses responses = new Responses();
        Manifest.of(snapshot)
                .notCaptured()
                .filter(gap -> gap.document().startsWith(ROOT) && gap.reason() != NotCaptured.Reason.ABSENT)
                .forEach(responses::addGap);
        snapshot.under(ROOT)
                .filter(document -> document.name().endsWith(".json"))
                .forEach(responses::add);
        return responses;
    }

    /** The outputs of an operation. */
    public Vector<Response> of(Operation operation) {
        return Vector.ofAll(byOperation.getOrDefault(operation, List.of()));
    }

    /** Whether there is any output of an operation. */
    public boolean captured(Operation operation) {
        return byOperation.containsKey(operation);
    }

    /**
     * Whether outputs of an operation say that there is more which was not captured, or the capture says that it did not
     * get all of them.
     */
    public boolean isTruncated(Operation operation) {
        return incomplete.contains(operation) || of(operation).exists(Response::isTruncated);
    }

    /** The elements of all outputs of an operation. */
    public Vector<Json> items(Operation operation) {
        return of(operation).flatMap(Response::items);
    }

    /** The output of an operation about one resource: that of the resource's region first. */
    public Option<Response> about(Operation operation, Arn arn) {
        Vector<Response> matching = of(operation).filter(response -> response.isAbout(arn));
        return matching.find(response -> response.region().equals(arn.region())).orElse(matching.headOption());
    }

    /** The output of an operation whose file has this key. */
    public Option<Response> keyed(Operation operation, String key) {
        String wanted = Response.plain(key);
        return of(operation).find(response -> Response.plain(response.key()).equals(wanted));
    }

    /** Documents that could not be read. */
    public Vector<DocumentProblem> problems() {
        return Vector.ofAll(problems);
    }

    /** How well each document was understood. */
    public Vector<DocumentReport> reports() {
        return Vector.ofAll(reports);
    }

    private void addGap(NotCaptured gap) {
        String name = gap.document().substring(gap.document().lastIndexOf('/') + 1);
        for (Operation operation : Operation.values()) {
            if (name.equals("*") || name.equals(operation.id() + ".json") || name.startsWith(operation.id() + ".")) {
                incomplete.add(operation);
            }
        }
    }

    private void add(Document document) {
        Either<DocumentProblem, Json> json = document.json();
        if (json.isLeft()) {
            problems.add(json.getLeft());
            return;
        }
        String name = document.name().substring(0, document.name().length() - ".json".length());
        int service = name.indexOf('.');
        int end = service < 0 ? -1 : name.indexOf('.', service + 1);
        Option<Operation> operation = Operation.of(end < 0 ? name : name.substring(0, end));
        if (operation.isEmpty()) {
            Support support = name.startsWith("eks.") ? Support.IRRELEVANT : Support.UNRECOGNIZED;
            reports.add(new DocumentReport(document.path(), "documents", TreeMap.of(support, 1)));
            return;
        }
        Response response = new Response(
                operation.get(), region(document.path()), end < 0 ? "" : name.substring(end + 1), json.get());
        if (operation.get() == Operation.HOSTED_ZONE
                && response.body().at("HostedZone").isPresent()
                && !response.body().at("VPCs").isPresent()) {
            reports.add(new DocumentReport(document.path(), "documents", TreeMap.of(Support.IRRELEVANT, 1)));
            return;
        }
        if (!response.body().at(operation.get().field()).isArray()) {
            problems.add(DocumentProblem.of(
                    document.path(),
                    "no array '" + operation.get().field() + "'",
                    "the output of aws " + operation.get().id().replaceFirst("\\.", " ")));
            return;
        }
        byOperation.computeIfAbsent(operation.get(), o -> new ArrayList<>()).add(response);
        report(response);
    }

    private void report(Response response) {
        Operation operation = response.operation();
        String path = response.body().document().path();
        Vector<Json> items = response.items();
        Vector<Json> broken = items.filter(
                item -> operation.required().exists(field -> !item.at(field).isPresent()));
        if (!broken.isEmpty()) {
            Json first = broken.head();
            String lacking = operation
                    .required()
                    .filter(field -> !first.at(field).isPresent())
                    .mkString(", ");
            problems.add(new DocumentProblem(
                    path,
                    first.evidence().line(),
                    broken.size() + " of " + items.size() + " " + operation.unit() + " without fields they need ("
                            + first.pointer() + " has no " + lacking + ")",
                    operation.unit() + " with " + operation.required().mkString(", "),
                    "capture the document again"));
        }
        if (response.isTruncated()) {
            problems.add(new DocumentProblem(
                    path,
                    Option.none(),
                    "only a part of the " + operation.unit() + ": the output names a next page",
                    "all of them",
                    "capture the document again without --max-items and --no-paginate"));
        }
        io.vavr.collection.Map<Support, Integer> counts =
                TreeMap.of(Support.FULL, items.size() - broken.size(), Support.UNRECOGNIZED, broken.size());
        reports.add(new DocumentReport(path, operation.unit(), counts.filterValues(count -> count > 0)));
    }

    private static String region(String path) {
        String rest = path.substring(ROOT.length());
        int slash = rest.lastIndexOf('/');
        String directory = slash < 0 ? "" : rest.substring(0, slash);
        return directory.substring(directory.lastIndexOf('/') + 1);
    }
}
