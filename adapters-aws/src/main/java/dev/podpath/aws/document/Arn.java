package dev.podpath.aws.document;

import io.vavr.collection.Vector;

/**
 * An Amazon resource name, {@code arn:partition:service:region:account:resource}.
 *
 * @param text the name as written
 */
public record Arn(String text) {
    /** The region, or {@code REGION} where the text is no ARN. */
    public String region() {
        String[] parts = text.split(":", 6);
        return parts.length == 6 && !parts[3].isEmpty() ? parts[3] : "REGION";
    }

    /** What follows the last colon, such as {@code targetgroup/name/id}. */
    public String resource() {
        return text.substring(text.lastIndexOf(':') + 1);
    }

    /** What follows the resource's type, such as {@code app/name/id}. */
    public String path() {
        String resource = resource();
        return resource.substring(resource.indexOf('/') + 1);
    }

    /** The last segment. */
    public String last() {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    /** Ways people name the resource in a file's name. */
    Vector<String> names() {
        String path = path();
        String[] segments = path.split("/", -1);
        Vector<String> names = Vector.of(text, resource(), path, last());
        return segments.length >= 2 ? names.append(segments[segments.length - 2]) : names;
    }
}
