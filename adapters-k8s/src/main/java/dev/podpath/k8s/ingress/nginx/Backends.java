package dev.podpath.k8s.ingress.nginx;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/** What {@code /dbg backends all} printed: the endpoints the controller's balancer has in memory. */
final class Backends {
    private final Document document;
    private final Map<String, Backend> byName = new HashMap<>();

    private Backends(Document document, Json root) {
        this.document = document;
        for (Json item : root.items()) {
            item.text("name").forEach(name -> byName.putIfAbsent(name, new Backend(name, item)));
        }
    }

    static Either<DocumentProblem, Backends> read(Document document) {
        return document.json()
                .flatMap(root -> root.isArray()
                        ? Either.right(new Backends(document, root))
                        : Either.left(DocumentProblem.of(
                                document.path(), "no JSON array", "the array that /dbg backends all prints")));
    }

    Document document() {
        return document;
    }

    int size() {
        return byName.size();
    }

    Option<Backend> named(String name) {
        return Option.of(byName.get(name));
    }
}
