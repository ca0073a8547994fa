package dev.podpath.proxy.ipvs.parse;

import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.proxy.ipvs.table.ConnectionTable;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.util.Arrays;

/**
 * A text in which IPVS was captured, of any {@link Layout}, told by its content. Total: any bytes give a table, a table
 * with problems, or the problem that it is none.
 */
public sealed interface IpvsText {
    /** The document. */
    Document document();

    /** What kind of text it is. */
    Layout layout();

    /** Places that could not be read. */
    Vector<DocumentProblem> problems();

    /**
     * Virtual and real servers.
     *
     * @param table the servers
     */
    record Servers(Document document, Layout layout, IpvsTable table, Vector<DocumentProblem> problems)
            implements IpvsText {}

    /**
     * Connections.
     *
     * @param table the connections
     */
    record Connections(Document document, Layout layout, ConnectionTable table, Vector<DocumentProblem> problems)
            implements IpvsText {}

    /** Reads a document. */
    static Either<DocumentProblem, IpvsText> read(Document document) {
        return LayoutFinder.find(document)
                .toEither(
                        () -> DocumentProblem.of(
                                document.path(),
                                document.bytes().length == 0 ? "an empty document" : "a text of another kind",
                                "what ipvsadm -Ln, ipvsadm-save -n or ipvsadm -Lnc prints, /proc/net/ip_vs or /proc/net/ip_vs_conn"))
                .map(layout -> read(document, layout));
    }

    private static IpvsText read(Document document, Layout layout) {
        Problems problems = new Problems(document);
        byte[] text = wholeLines(document, problems);
        if (layout.isConnections()) {
            ConnectionTable connections = new ConnectionsReader(layout, text, problems).read();
            return new Connections(document, layout, connections, problems.all());
        }
        IpvsTable table = layout == Layout.SAVE
                ? new SaveReader(text, problems).read()
                : new ListingReader(layout, text, problems).read();
        return new Servers(document, layout, table, problems.all());
    }

    /** Without a last line that has no end: the tools end every line, so the document was cut there. */
    private static byte[] wholeLines(Document document, Problems problems) {
        byte[] text = document.bytes();
        int end = text.length;
        while (end > 0 && text[end - 1] != '\n') {
            end--;
        }
        if (end < text.length) {
            problems.at(
                    document.lines().count(),
                    "a line without an end, so the document was cut here",
                    "all lines as the tool printed them");
        }
        return end == text.length ? text : Arrays.copyOf(text, end);
    }
}
