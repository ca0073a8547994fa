package dev.podpath.k8s.dns;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** The diagnoses made where a pod asks for a name. */
public final class DnsFindings {
    static final FindingCode SEARCH_DOMAIN_ANSWERS = new FindingCode(
            "PP-DNS-003",
            Severity.ERROR,
            "A search domain answers for a name that is meant as it is",
            "A pod tries a name with fewer dots than ndots below every domain of its search list first. One of those domains has"
                    + " a name that fits, often by a wildcard, so the pod gets another address than everybody else.",
            "Write the name with a dot at its end, lower ndots in the pod's dnsConfig, or take the domain out of the node's"
                    + " search list.");

    static final FindingCode LOST_QUERIES = new FindingCode(
            "PP-DNS-004",
            Severity.WARNING,
            "Lookups may take five seconds",
            "A C library sends the questions for A and AAAA at once from one port. Where both are translated on the node at the same"
                    + " time, one of them cannot be entered into the connection table and is dropped; the library asks again"
                    + " after five seconds. The node's counter insert_failed shows that this happens.",
            "Run NodeLocal DNSCache, or set single-request-reopen or use-vc in the pod's dnsConfig (glibc).");

    private DnsFindings() {}

    /** All of them. */
    public static Vector<FindingCode> all() {
        return Vector.of(SEARCH_DOMAIN_ANSWERS, LOST_QUERIES);
    }
}
