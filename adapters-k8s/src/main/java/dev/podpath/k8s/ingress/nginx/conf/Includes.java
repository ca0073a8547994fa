package dev.podpath.k8s.ingress.nginx.conf;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;

/** Finds the files that a configuration includes. */
public interface Includes {
    /** No file is to be found. */
    Includes NONE = pattern -> Vector.empty();

    /**
     * The captured files that an {@code include} names, in the order of their names.
     *
     * @param pattern the path as written; {@code *} and {@code ?} stand for what they do in a shell
     */
    Vector<Document> find(String pattern);

    /**
     * Files captured beside a configuration: an include of {@code /etc/nginx/conf.d/a.conf} is sought below the
     * directory as {@code etc/nginx/conf.d/a.conf}, {@code conf.d/a.conf} and {@code a.conf}, in this order.
     *
     * @param directory directory of the snapshot, ending in {@code /}
     */
    static Includes below(Snapshot snapshot, String directory) {
        return pattern -> {
            String path = pattern.startsWith("/") ? pattern.substring(1) : "etc/nginx/" + pattern;
            String inNginx = path.startsWith("etc/nginx/") ? path.substring("etc/nginx/".length()) : path;
            String name = path.substring(path.lastIndexOf('/') + 1);
            Vector<String> files = snapshot.paths().filter(file -> file.startsWith(directory));
            for (String candidate : Vector.of(path, inNginx, name)) {
                Vector<Document> found = files.filter(file -> Glob.matches(directory + candidate, file))
                        .flatMap(snapshot::document);
                if (!found.isEmpty()) {
                    return found;
                }
            }
            return Vector.empty();
        };
    }
}
