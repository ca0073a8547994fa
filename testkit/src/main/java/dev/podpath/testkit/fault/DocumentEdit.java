package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.net.AddressPort;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Random;
import java.util.function.Supplier;

/**
 * One place for a fault and what becomes of the document there.
 *
 * @param document name of the document
 * @param line zero-based number of the line it is at
 * @param what what was done
 * @param service who suffers
 * @param address where it shows, where it is nobody's of the cluster
 * @param codes the kinds of finding of which one must be made
 * @param text makes the text
 */
record DocumentEdit(
        String document,
        int line,
        String what,
        Option<ServicePortRef> service,
        Option<AddressPort> address,
        Set<FindingCode> codes,
        Supplier<String> text) {
    /** Makes one of several edits. */
    static Option<Injection> oneOf(Vector<DocumentEdit> edits, String fault, Map<String, String> documents, long seed) {
        return edits.isEmpty()
                ? Option.none()
                : Option.some(edits.get(new Random(seed).nextInt(edits.size())).in(fault, documents));
    }

    private Injection in(String fault, Map<String, String> documents) {
        return new Injection(
                fault, document, line + 1, what, service, address, codes, documents.put(document, text.get()));
    }
}
