package dev.podpath.proxy.ipvs;

import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Missing;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.proxy.ipvs.parse.IpvsText;
import dev.podpath.proxy.ipvs.parse.Layout;
import dev.podpath.proxy.ipvs.table.ListOrder;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * The IPVS documents of a node. The first one of {@link #servers} says which servers there are; the others add what it does
 * not print.
 *
 * @param servers at least one, the most telling first
 * @param connections the connections, where they were listed
 */
record Captured(Vector<IpvsText.Servers> servers, Option<IpvsText.Connections> connections) {
    /** Names by which people know the documents; others that begin alike are read too. */
    private static final Vector<String> NAMES = Vector.of(
            "ipvsadm-Ln.txt",
            "ipvsadm-save.txt",
            "proc-net-ip_vs",
            "proc-net-ip_vs.txt",
            "ipvsadm-Lnc.txt",
            "proc-net-ip_vs_conn",
            "proc-net-ip_vs_conn.txt");

    /** Reads every IPVS document of the node. */
    static Reading<Either<Decision, Captured>> read(NodeState node) {
        Vector<Document> documents = node.snapshot()
                .under(node.path(""), "ipvsadm")
                .appendAll(node.snapshot().under(node.path(""), "proc-net-ip_vs"))
                .filter(document -> document.path().equals(node.path(document.name())));
        Vector<DocumentProblem> problems = Vector.empty();
        Vector<DocumentReport> reports = Vector.empty();
        Vector<IpvsText> texts = Vector.empty();
        for (Document document : documents) {
            Either<DocumentProblem, IpvsText> text = IpvsText.read(document);
            if (text.isLeft()) {
                boolean expected = NAMES.contains(document.name());
                problems = expected ? problems.append(text.getLeft()) : problems;
                continue;
            }
            texts = texts.append(text.get());
            problems = problems.appendAll(text.get().problems());
            reports = reports.append(report(text.get()));
        }
        Vector<IpvsText.Servers> servers = texts.filter(IpvsText.Servers.class::isInstance)
                .map(IpvsText.Servers.class::cast)
                .sortBy(Captured::rank);
        Option<IpvsText.Connections> connections =
                texts.find(IpvsText.Connections.class::isInstance).map(IpvsText.Connections.class::cast);
        Either<Decision, Captured> captured =
                servers.isEmpty() ? Either.left(nothing(node)) : Either.right(new Captured(servers, connections));
        return new Reading<>(captured, problems, reports);
    }

    /** Which document tells more: the listing, then the save text, then the others. */
    private static int rank(IpvsText.Servers text) {
        return switch (text.layout()) {
            case LISTING -> text.table().order() == ListOrder.KERNEL ? 0 : 1;
            case SAVE -> 2;
            case PERSISTENT -> 3;
            case PROC -> 4;
            case THRESHOLDS -> 5;
            default -> 6;
        };
    }

    private static DocumentReport report(IpvsText text) {
        int count = text instanceof IpvsText.Servers servers
                ? servers.table().services() + servers.table().servers()
                : ((IpvsText.Connections) text).table().size();
        return DocumentReport.full(text.document().path(), text.layout().unit(), count);
    }

    private static Decision nothing(NodeState node) {
        return Decision.unknown(
                "the IPVS table of node " + node.name() + " was not captured, or cannot be read",
                listing(node),
                new Missing(
                        node.path("ipvsadm-save.txt"),
                        "ipvsadm-save -n > ipvsadm-save.txt   # on node " + node.name()));
    }

    /** The document that tells most. */
    static Missing listing(NodeState node) {
        return new Missing(
                node.path("ipvsadm-Ln.txt"), "ipvsadm -Ln --nosort > ipvsadm-Ln.txt   # on node " + node.name());
    }

    /** The same without connections: what holds for clients that are new. */
    Captured withoutConnections() {
        return new Captured(servers, Option.none());
    }

    /** The document the others add to. */
    IpvsText.Servers main() {
        return servers.head();
    }

    /** Whether any document names schedulers and gives weights. */
    boolean hasWeights() {
        return servers.map(IpvsText.Servers::layout).exists(Layout::hasWeights);
    }
}
