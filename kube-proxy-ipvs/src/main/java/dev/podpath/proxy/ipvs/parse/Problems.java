package dev.podpath.proxy.ipvs.parse;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** The problems of one document; the first ones are told one by one, the rest by number. */
final class Problems {
    private static final int TOLD = 20;

    private final Document document;
    private final List<DocumentProblem> told = new ArrayList<>();
    private int count;

    Problems(Document document) {
        this.document = document;
    }

    /** Something is wrong with the word the text stands at. */
    void at(Tokens words, String expected) {
        at(words.line(), words.length() == 0 ? "the end of the line" : "'" + words.word() + "'", expected);
    }

    /** Something is wrong with a line. */
    void at(int line, String found, String expected) {
        count++;
        if (told.size() < TOLD) {
            told.add(DocumentProblem.at(document.path(), line, found, expected));
        }
    }

    boolean any() {
        return count > 0;
    }

    int count() {
        return count;
    }

    Vector<DocumentProblem> all() {
        Vector<DocumentProblem> all = Vector.ofAll(told);
        return count == told.size()
                ? all
                : all.append(new DocumentProblem(
                        document.path(),
                        Option.none(),
                        "problems in " + (count - told.size()) + " more places",
                        "a table as ipvsadm prints it",
                        "capture the document again"));
    }
}
