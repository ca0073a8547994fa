package dev.podpath.capture.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podpath.ports.capture.CaptureRun;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.DocumentWriter;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Lists the kinds of objects, one document each. */
final class ObjectCapture {
    private final Api api;
    private final CaptureScope scope;
    private final CaptureRun run;
    private final Facts facts;
    private final Map<String, Either<ApiFailure, JsonNode>> discovered = new HashMap<>();

    ObjectCapture(Api api, CaptureScope scope, CaptureRun run, Facts facts) {
        this.api = api;
        this.scope = scope;
        this.run = run;
        this.facts = facts;
    }

    /** Every kind, one after the other: the lists themselves are what a server feels. */
    void all() throws IOException {
        for (Kind kind : Kind.ALL) {
            if (!run.cancelled()) {
                kind(kind);
            }
        }
    }

    private void kind(Kind kind) throws IOException {
        Option<Path> before = run.isDone(kind.document()) ? run.snapshot().file(kind.document()) : Option.none();
        if (run.isDone(kind.document())) {
            if (before.isDefined() && (kind.equals(Kind.PODS) || kind.equals(Kind.NODES))) {
                facts.take(before.get());
            }
            return;
        }
        Option<String> version =
                kind.optional() ? served(kind) : kind.versions().headOption();
        if (version.isEmpty()) {
            return;
        }
        Option<ApiFailure> failure = list(kind, version.get());
        for (String older : kind.versions().dropUntil(version.get()::equals).drop(1)) {
            failure = failure.exists(ApiFailure::absent) ? list(kind, older) : failure;
        }
        if (kind.equals(Kind.SLICES) && failure.exists(ApiFailure::absent)) {
            kind(Kind.ENDPOINTS);
        }
        failure.forEach(found -> run.notCaptured(gap(kind, found)));
    }

    /** The first version that discovery lists the kind in; everybody who is known to the cluster may ask discovery. */
    private Option<String> served(Kind kind) {
        for (String version : kind.versions()) {
            Either<ApiFailure, JsonNode> found =
                    discovered.computeIfAbsent(version, any -> api.json(Kind.root(version)));
            if (found.isRight() && lists(found.get(), kind.plural())) {
                return Option.some(version);
            }
            if (found.isLeft() && !found.getLeft().absent()) {
                run.notCaptured(gap(kind, found.getLeft()));
                return Option.none();
            }
        }
        return Option.none();
    }

    private static boolean lists(JsonNode resources, String plural) {
        for (JsonNode resource : resources.path("resources")) {
            if (resource.path("name").asText("").equals(plural)) {
                return true;
            }
        }
        return false;
    }

    private static NotCaptured gap(Kind kind, ApiFailure failure) {
        String group = kind.group().isEmpty() ? "" : " in " + kind.group();
        return failure.denied()
                ? NotCaptured.denied(kind.document(), "list " + kind.plural() + group, failure.toString())
                : failure.absent()
                        ? NotCaptured.absent(kind.document(), "the cluster does not serve " + kind.plural())
                        : NotCaptured.failed(kind.document(), failure.toString());
    }

    private Option<ApiFailure> list(Kind kind, String version) throws IOException {
        Vector<String> collections = collections(kind, version);
        Vector<NotCaptured> gaps = Vector.empty();
        try (DocumentWriter writer = run.snapshot().document(kind.document())) {
            ListDocument document = new ListDocument(writer, facts::take);
            Pager pager = new Pager(api, document, total -> run.progress().at(kind.plural(), document.count(), total));
            Option<ApiFailure> last = Option.none();
            int listed = 0;
            for (String collection : collections) {
                Option<ApiFailure> failure = pager.list(collection);
                listed += failure.isEmpty() ? 1 : 0;
                last = failure.orElse(last);
            }
            if (listed == 0 && last.isDefined()) {
                return last;
            }
            document.end();
            run.progress().at(kind.plural(), document.count(), document.count());
            if (collections.size() > listed) {
                // Some namespaces only: a later run asks again.
                last.forEach(failure -> run.notCaptured(gap(kind, failure)));
                return Option.none();
            }
            if (kind.namespaced() && !scope.namespaces().isEmpty()) {
                gaps = gaps.append(NotCaptured.partial(
                        kind.document(), "namespaces " + scope.namespaces().mkString(", ")));
            }
        }
        run.done(kind.document(), gaps);
        return Option.none();
    }

    private Vector<String> collections(Kind kind, String version) {
        String root = Kind.root(version);
        return kind.namespaced() && !scope.namespaces().isEmpty()
                ? scope.namespaces()
                        .map(namespace -> root + "/namespaces/" + Api.encode(namespace) + "/" + kind.plural())
                : Vector.of(root + "/" + kind.plural());
    }
}
