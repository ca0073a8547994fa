package dev.podpath.aliyun.response;

import dev.podpath.core.trace.Missing;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All captured responses of a snapshot: files {@code aliyun/REGION/PRODUCT.ACTION[.KEY].json}. The responses of one API
 * are taken together over all regions, pages and keys.
 */
public final class Responses {
    private static final String ROOT = "aliyun/";
    private static final Set<String> IRRELEVANT =
            Set.of("cs", "cms", "slb.DescribeVServerGroups", "slb.DescribeAccessControlLists", "alb.ListAcls");

    private final Map<Api, List<Response>> byApi = new EnumMap<>(Api.class);
    private final List<DocumentProblem> problems = new ArrayList<>();
    private final List<DocumentReport> reports = new ArrayList<>();
    private final Map<Api, Set<String>> whole = new EnumMap<>(Api.class);
    private final Map<Api, String> lacking = new EnumMap<>(Api.class);
    private Vector<String> regions = Vector.empty();
    private boolean any;

    private Responses() {}

    /** Reads the documents below {@code aliyun/}. Total: what cannot be read is among the problems. */
    public static Responses of(Snapshot snapshot) {
        Responses responses = new Responses();
        for (Document document : snapshot.under(ROOT)) {
            if (document.name().endsWith(".json")) {
                responses.any = true;
                responses.add(document);
            }
        }
        responses.findGaps(snapshot);
        for (Api api : Api.values()) {
            responses.countPages(api);
        }
        return responses;
    }

    /** Notes the lists that a capture asked for in some region and did not get. */
    private void findGaps(Snapshot snapshot) {
        Vector<NotCaptured> gaps = Manifest.of(snapshot)
                .notCaptured()
                .filter(gap -> gap.document().startsWith(ROOT) && gap.reason() != NotCaptured.Reason.ABSENT);
        regions = snapshot.directories(ROOT)
                .appendAll(gaps.map(gap -> region(gap.document())).filter(name -> !name.equals("*")))
                .filter(name -> !name.isEmpty())
                .distinct()
                .sorted();
        for (Api api : Api.values()) {
            regions.find(region -> of(api).forAll(page -> !page.region().equals(region))
                            && gaps.exists(gap -> gap.covers(list(api, region))))
                    .forEach(region -> lacking.put(api, region));
        }
        any = any || !gaps.isEmpty();
    }

    private static String list(Api api, String region) {
        return ROOT + region + "/" + api.product() + "." + api.action() + ".json";
    }

    /** Whether nothing of this cloud was captured. */
    public boolean isEmpty() {
        return !any;
    }

    /** The responses of an API. */
    public Vector<Response> of(Api api) {
        return Vector.ofAll(byApi.getOrDefault(api, List.of()));
    }

    /** The items of all responses of an API. */
    public Vector<Item> items(Api api) {
        return of(api).flatMap(Response::items);
    }

    /** Whether any response of an API was captured, and none of its lists was asked for in vain. */
    public boolean captured(Api api) {
        return byApi.containsKey(api) && !isLacking(api);
    }

    /** Whether the list of an API was asked for in some region and did not come: denied, or failed. */
    public boolean isLacking(Api api) {
        return lacking.containsKey(api);
    }

    /** Whether the list of an API was captured without a key, and all its pages. What it lacks does not exist. */
    public boolean isWhole(Api api) {
        return isWhole(api, "") && !isLacking(api);
    }

    /** Whether all pages of the response with this key were captured. */
    public boolean isWhole(Api api, String key) {
        return whole.getOrDefault(api, Set.of()).contains(key);
    }

    private void countPages(Api api) {
        of(api).groupBy(Response::group).forEach((group, pages) -> {
            boolean all = pages.groupBy(Response::region).values().forAll(inRegion -> isWhole(api, inRegion));
            if (all) {
                whole.computeIfAbsent(api, a -> new HashSet<>()).add(group);
            } else {
                problems.add(incomplete(api, pages));
            }
        });
    }

    private static boolean isWhole(Api api, Vector<Response> pages) {
        long total = pages.flatMap(Response::total).max().getOrElse(0L);
        long seen = pages.map(response -> (long) response.all().size()).sum().longValue();
        boolean lastPage = pages.exists(response -> !response.namesNext());
        return lastPage && (api.container().isEmpty() || seen >= total);
    }

    /** What to capture where a response is missing. The options are those of the command line, without the region. */
    public Missing missing(Api api, Option<String> region, String key, String options) {
        String where = region.orElse(Option.of(lacking.get(api)))
                .orElse(regions.headOption())
                .getOrElse("REGION");
        String file =
                ROOT + where + "/" + api.product() + "." + api.action() + (key.isEmpty() ? "" : "." + key) + ".json";
        String global = api.product().equals("alidns") || api.product().equals("pvtz") ? "" : " --RegionId " + where;
        return new Missing(
                file,
                "aliyun " + api.product() + " " + api.action() + global + (options.isEmpty() ? "" : " " + options));
    }

    /** What to capture where a list is missing. */
    public Missing missing(Api api) {
        return missing(api, Option.none(), "", "");
    }

    /** Documents that could not be read. */
    public Vector<DocumentProblem> problems() {
        return Vector.ofAll(problems);
    }

    /** How well each document was understood. */
    public Vector<DocumentReport> reports() {
        return Vector.ofAll(reports);
    }

    private void add(Document document) {
        String name = document.name().substring(0, document.name().length() - ".json".length());
        int product = name.indexOf('.');
        int end = product < 0 ? -1 : name.indexOf('.', product + 1);
        String action = end < 0 ? name : name.substring(0, end);
        Option<Api> api = Api.of(action);
        if (api.isEmpty()) {
            String family = product < 0 ? name : name.substring(0, product);
            Support support = IRRELEVANT.contains(family) || IRRELEVANT.contains(action)
                    ? Support.IRRELEVANT
                    : Support.UNRECOGNIZED;
            reports.add(new DocumentReport(document.path(), "documents", TreeMap.of(support, 1)));
            return;
        }
        Either<DocumentProblem, Json> json = document.json();
        if (json.isLeft()) {
            problems.add(json.getLeft());
            return;
        }
        Response response =
                new Response(api.get(), region(document.path()), end < 0 ? "" : name.substring(end + 1), json.get());
        if (!response.hasShape()) {
            problems.add(shapeProblem(response));
            return;
        }
        byApi.computeIfAbsent(api.get(), a -> new ArrayList<>()).add(response);
        report(response);
    }

    private static DocumentProblem shapeProblem(Response response) {
        Json body = response.body();
        Api api = response.api();
        String expected = api.container().isEmpty()
                ? api.required().mkString(", ")
                : "an array " + api.container().mkString("/");
        String found = body.text("Code")
                .filter(code -> !code.isBlank())
                .map(code -> "the error " + code
                        + body.text("Message").map(m -> " (" + m + ")").getOrElse(""))
                .getOrElse("no " + expected);
        return new DocumentProblem(
                body.document().path(),
                Option.none(),
                found,
                "a response of " + api.action() + " with " + expected,
                "capture it again: aliyun " + api.product() + " " + api.action());
    }

    private void report(Response response) {
        Vector<Json> all = response.all();
        Vector<Json> broken = all.reject(response::isUseful);
        String path = response.body().document().path();
        if (!broken.isEmpty()) {
            Json first = broken.head();
            problems.add(new DocumentProblem(
                    path,
                    first.evidence().line(),
                    broken.size() + " of " + all.size() + " " + response.api().unit()
                            + " without fields they need, the first at " + first.pointer(),
                    response.api().unit() + " with " + response.api().required().mkString(", "),
                    "capture the document again"));
        }
        io.vavr.collection.Map<Support, Integer> counts =
                TreeMap.of(Support.FULL, all.size() - broken.size(), Support.UNRECOGNIZED, broken.size());
        reports.add(new DocumentReport(path, response.api().unit(), counts.filterValues(count -> count > 0)));
    }

    private static DocumentProblem incomplete(Api api, Vector<Response> pages) {
        int seen = pages.map(response -> response.all().size()).sum().intValue();
        String total = pages.flatMap(Response::total).max().map(n -> " of " + n).getOrElse("");
        return new DocumentProblem(
                pages.head().body().document().path(),
                Option.none(),
                seen + total + " " + api.unit() + "; further pages were not captured",
                "all pages of " + api.action(),
                "capture the other pages beside it, with the page number before .json");
    }

    private static String region(String path) {
        int slash = path.indexOf('/', ROOT.length());
        return slash < 0 ? "" : path.substring(ROOT.length(), slash);
    }
}
