package dev.podpath.ports.snapshot;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A set of captured documents by path. Everything that is analysed is one; live mode makes one first.
 *
 * <p>Paths use {@code /}, are relative and have no {@code .} or {@code ..} segment. Immutable as far as callers can see;
 * safe for use from several threads.
 */
public interface Snapshot {
    /** Where it came from, for people: a directory, an archive, {@code example:NAME}. */
    String origin();

    /** What could not be taken into the snapshot, such as links and oversized files, and what could not be read since. */
    default Vector<DocumentProblem> problems() {
        return Vector.empty();
    }

    /** Every path, sorted. */
    Vector<String> paths();

    /** The document at a path. */
    Option<Document> document(String path);

    /** How many bytes the document at a path has, without reading it where that can be told; 0 where there is none. */
    default long size(String path) {
        return document(path).map(document -> (long) document.bytes().length).getOrElse(0L);
    }

    /**
     * Lets go of what is kept in memory of the documents whose path begins with this text. They are read again when they
     * are asked for.
     */
    default void release(String prefix) {}

    /** Every document whose path begins with this text, sorted by path. */
    default Vector<Document> under(String prefix) {
        return paths().filter(path -> path.startsWith(prefix)).flatMap(this::document);
    }

    /** Documents below a directory whose file name begins with this text: {@code under("aliyun/", "slb.Describe")}. */
    default Vector<Document> under(String directory, String fileNamePrefix) {
        return paths().filter(path ->
                        path.startsWith(directory) && path.startsWith(fileNamePrefix, path.lastIndexOf('/') + 1))
                .flatMap(this::document);
    }

    /** The names of the directories directly below a directory, such as the nodes below {@code nodes/}. */
    default Vector<String> directories(String directory) {
        return paths().filter(path -> path.startsWith(directory) && path.indexOf('/', directory.length()) > 0)
                .map(path -> path.substring(directory.length(), path.indexOf('/', directory.length())))
                .distinct();
    }
}
