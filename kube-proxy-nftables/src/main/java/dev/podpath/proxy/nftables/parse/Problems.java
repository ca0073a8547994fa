package dev.podpath.proxy.nftables.parse;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.collection.Vector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a document; a document full of faults gives a bounded list. */
final class Problems {
    private static final int MOST = 50;
    private static final int EXCERPT = 80;

    private final Document document;
    private final List<DocumentProblem> all = new ArrayList<>();
    private int more;

    Problems(Document document) {
        this.document = document;
    }

    /** Something else than expected at an offset. */
    void at(int place, String expected) {
        if (all.size() >= MOST) {
            more++;
            return;
        }
        int lines = document.lines().count();
        if (lines == 0) {
            all.add(DocumentProblem.of(document.path(), "nothing", expected));
            return;
        }
        int last = document.bytes().length - 1;
        int line = Math.max(1, document.lines().lineAt(Math.min(place, last)));
        all.add(DocumentProblem.at(document.path(), line, found(place), expected));
    }

    /** What stands at a place. */
    private String found(int place) {
        byte[] bytes = document.bytes();
        int end = place;
        while (end < bytes.length && end - place < EXCERPT && bytes[end] != '\n') {
            end++;
        }
        String text = place >= end ? "" : new String(bytes, place, end - place, StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? (place >= bytes.length ? "the end of the document" : "the end of the line") : text;
    }

    Vector<DocumentProblem> toVector() {
        Vector<DocumentProblem> list = Vector.ofAll(all);
        return more == 0
                ? list
                : list.append(DocumentProblem.of(
                        document.path(), more + " further places that cannot be read", "a rule set as nft lists it"));
    }
}
