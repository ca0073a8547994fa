package dev.podpath.ports.snapshot;

import io.vavr.control.Option;

/** The text of a JSON document, as its tapes need it. */
final class JsonText {
    private final Document document;
    private final byte[] bytes;
    private final boolean json;
    private final JsonStrings strings;
    private final Memo<TextLines> lines = new Memo<>();

    private JsonText(Document document, byte[] bytes, boolean json) {
        this.document = document;
        this.bytes = bytes;
        this.json = json;
        this.strings = new JsonStrings(bytes);
    }

    /** A document that is JSON as it was captured. */
    static JsonText of(Document document) {
        return new JsonText(
                document, JsonBytes.utf8(document.bytes()), document.name().endsWith(".json"));
    }

    /** A document of another notation, written as JSON in UTF-8; its values have no lines. */
    static JsonText rewritten(Document document, byte[] bytes) {
        return new JsonText(document, bytes, false);
    }

    Document document() {
        return document;
    }

    byte[] bytes() {
        return bytes;
    }

    JsonStrings strings() {
        return strings;
    }

    /** The line at an offset; empty where the document's lines are not those of this text. */
    Option<Integer> line(int offset) {
        if (!json) {
            return Option.none();
        }
        TextLines counted = bytes == document.bytes() ? document.lines() : lines.get(() -> TextLines.of(bytes));
        return Option.some(counted.lineAt(offset));
    }
}
