package dev.podpath.k8s.objects;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Either;

/**
 * The objects of one kind, as {@code kubectl get KIND -o json} or {@code -o yaml} wrote them: a list, one object, or several
 * in a stream.
 *
 * @param captured whether there is a document of the kind that can be read
 * @param items the objects
 * @param problems documents that cannot be read
 */
public record ObjectList(boolean captured, Vector<Json> items, Vector<DocumentProblem> problems) {
    /**
     * Reads {@code kubernetes/KIND.json} and the like; a group after the kind, as in {@code
     * httproutes.gateway.networking.k8s.io.json}, is allowed.
     *
     * @param kind plural name in lower case
     */
    public static ObjectList read(Snapshot snapshot, String kind) {
        Vector<Document> documents = snapshot.under("kubernetes/", kind + ".")
                .filter(document -> document.name().matches(".*\\.(json|yaml|yml)"));
        Vector<Either<DocumentProblem, Json>> read = documents.map(Document::json);
        return new ObjectList(
                read.exists(Either::isRight),
                read.flatMap(Either::toOption).flatMap(ObjectList::objects),
                read.flatMap(either -> either.swap().toOption()));
    }

    private static Vector<Json> objects(Json root) {
        Vector<Json> roots = root.isArray() ? root.items() : Vector.of(root);
        return roots.flatMap(each -> each.at("items").isArray() ? each.items("items") : Vector.of(each))
                .filter(each -> each.text("metadata", "name").isDefined());
    }

    /** The object of this name; for a kind that has namespaces the namespace counts as well. */
    public Vector<Json> named(String namespace, String name) {
        return items.filter(item -> item.at("metadata").textOr("", "name").equals(name)
                && item.at("metadata").textOr("", "namespace").equals(namespace));
    }
}
