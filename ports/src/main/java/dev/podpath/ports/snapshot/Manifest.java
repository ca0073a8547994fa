package dev.podpath.ports.snapshot;

import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * What {@code podpath.yaml} says about a snapshot. The file is optional: a directory filled by hand works without it.
 *
 * @param formatVersion version of the snapshot layout, 1
 * @param cluster name of the cluster
 * @param capturedAt when it was captured, as written
 * @param notCaptured what a capture did not get, and why
 */
public record Manifest(
        int formatVersion, Option<String> cluster, Option<String> capturedAt, Vector<NotCaptured> notCaptured) {
    /** Name of the manifest's file. */
    public static final String PATH = "podpath.yaml";

    /** The layout this version reads. */
    public static final int FORMAT_VERSION = 1;

    /** Reads the manifest of a snapshot. */
    public static Manifest of(Snapshot snapshot) {
        Option<Json> root =
                snapshot.document(PATH).flatMap(document -> document.json().toOption());
        return new Manifest(
                root.flatMap(json -> json.integer("formatVersion")).getOrElse(FORMAT_VERSION),
                root.flatMap(json -> json.text("cluster", "name").orElse(json.text("cluster"))),
                root.flatMap(json -> json.text("capturedAt")),
                root.toVector().flatMap(json -> json.items("notCaptured")).flatMap(Manifest::gap));
    }

    /** Why a document is not in the snapshot, or not whole, where the capture said so. */
    public Option<NotCaptured> gap(String path) {
        return notCaptured.find(gap -> gap.covers(path));
    }

    private static Option<NotCaptured> gap(Json entry) {
        Option<NotCaptured.Reason> reason = entry.text("reason")
                .map(text -> text.toUpperCase(Locale.ROOT))
                .flatMap(text -> Vector.of(NotCaptured.Reason.values())
                        .find(known -> known.name().equals(text)));
        return entry.text("document")
                .flatMap(document -> reason.map(
                        known -> new NotCaptured(document, known, entry.textOr("", "why"), entry.text("permission"))));
    }
}
