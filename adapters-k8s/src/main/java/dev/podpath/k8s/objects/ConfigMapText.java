package dev.podpath.k8s.objects;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Either;
import java.nio.charset.StandardCharsets;

/** YAML that stands as text in a ConfigMap. */
final class ConfigMapText {
    private ConfigMapText() {}

    /** The value below a key of the ConfigMap's data; a problem is located in the document that holds the ConfigMap. */
    static Either<DocumentProblem, Json> yaml(Json configMap, String key) {
        String text = configMap.at("data").textOr("", key);
        Document inner = new Document("data.yaml", text.getBytes(StandardCharsets.UTF_8));
        return inner.json()
                .mapLeft(problem -> new DocumentProblem(
                        configMap.document().path(),
                        configMap.evidenceOfPaths().line(),
                        problem.found() + " at " + configMap.pointer() + "/data/" + key
                                + problem.line()
                                        .map(line -> ", line " + line + " of it")
                                        .getOrElse(""),
                        problem.expected(),
                        "correct the ConfigMap, or capture the document again"));
    }
}
