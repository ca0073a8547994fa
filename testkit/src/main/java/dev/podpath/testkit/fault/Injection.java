package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.net.AddressPort;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;

/**
 * Documents with a fault in them.
 *
 * @param fault name of the kind of fault
 * @param document file name of the document it is in
 * @param line one-based number, in the healthy document, of the line it is at
 * @param what what was done there, in one sentence
 * @param service the service port that suffers; empty where none of the cluster's does
 * @param address the address where it shows, where it is none of the cluster's
 * @param codes the kinds of finding of which a verification must make at least one there
 * @param documents the documents, text by file name
 */
public record Injection(
        String fault,
        String document,
        int line,
        String what,
        Option<ServicePortRef> service,
        Option<AddressPort> address,
        Set<FindingCode> codes,
        Map<String, String> documents) {
    /** The same fault, to be told by one of these kinds of finding. */
    Injection withCodes(Set<FindingCode> other) {
        return new Injection(fault, document, line, what, service, address, other, documents);
    }

    @Override
    public String toString() {
        return fault + " at " + document + ":" + line + ": " + what;
    }
}
