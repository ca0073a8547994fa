package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Pod;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Whether lookups may lose a packet to the race of two questions for one connection entry: glibc sends A and AAAA at once from one port, and where
 * both are translated at the same time one of them is dropped and sent again after five seconds.
 */
final class Conntrack {
    private final DnsDocuments documents;

    Conntrack(DnsDocuments documents) {
        this.documents = documents;
    }

    Vector<Finding> races(Pod pod, ResolvConf conf, NameServers.At server, CLibrary library) {
        boolean apart = conf.has("single-request") || conf.has("single-request-reopen") || conf.has("use-vc");
        if (server.kind() != NameServers.Kind.CLUSTER || library == CLibrary.GLIBC && apart) {
            return Vector.empty();
        }
        return pod.node()
                .flatMap(documents::conntrackStatistics)
                .flatMap(Conntrack::failed)
                .map(line -> new Finding(
                        DnsFindings.LOST_QUERIES,
                        DnsFindings.LOST_QUERIES.severity(),
                        "node " + pod.node().getOrElse("") + " of pod " + pod.id()
                                + " counts connection entries that could not be inserted",
                        Vector.of(line)))
                .toVector();
    }

    /** The first line of {@code conntrack -S} with {@code insert_failed} above zero. */
    private static Option<Evidence> failed(Document document) {
        for (int number = 1; number <= document.lines().count(); number++) {
            String line = document.lines().line(number);
            int at = line.indexOf("insert_failed=");
            int digit = at + "insert_failed=".length();
            boolean above = at >= 0 && digit < line.length() && line.charAt(digit) > '0' && line.charAt(digit) <= '9';
            if (above) {
                return Option.some(document.line(number));
            }
        }
        return Option.none();
    }
}
