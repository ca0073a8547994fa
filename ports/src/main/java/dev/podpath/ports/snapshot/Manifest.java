package dev.podpath.ports.snapshot;

import io.vavr.control.Option;

/**
 * What {@code podpath.yaml} says about a snapshot. The file is optional: a directory filled by hand works without it.
 *
 * @param formatVersion version of the snapshot layout, 1
 * @param cluster name of the cluster
 * @param capturedAt when it was captured, as written
 */
public record Manifest(int formatVersion, Option<String> cluster, Option<String> capturedAt) {
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
                root.flatMap(json -> json.text("capturedAt")));
    }
}
