package dev.podpath.aliyun.dns;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** Diagnoses of the names of Alidns and PrivateZone. */
public final class DnsFindings {
    static final FindingCode NO_OWNER = new FindingCode(
            "PP-DNS-001",
            Severity.WARNING,
            "A record leads to an address that nothing in the account has",
            "The record's address belongs to no captured load balancer, elastic address or instance. Often the load "
                    + "balancer was made anew and the record still has the old address, because nothing keeps it up to "
                    + "date.",
            "Compare the record with the address in the Service's status; correct the record, or let external-dns own "
                    + "it.");
    static final FindingCode DIFFERENT_ANSWERS = new FindingCode(
            "PP-DNS-005",
            Severity.INFO,
            "Different clients get different answers for the name",
            "The name has records for several resolution lines, or several records that are returned in rotation or by "
                    + "weight. What a client gets depends on its resolver and on chance; one test from one place shows "
                    + "one answer only.",
            "Nothing, if it is meant so. Test every address by itself, for example with curl --resolve.");
    static final FindingCode NO_NAME = new FindingCode(
            "PP-DNS-100",
            Severity.ERROR,
            "The name has no address",
            "The zone was captured as a whole, and it has no enabled record of type A, AAAA or CNAME that answers for "
                    + "the name.",
            "Add the record, or enable the one that is disabled.");

    private DnsFindings() {}

    /** All of them. */
    public static Vector<FindingCode> all() {
        return Vector.of(NO_OWNER, DIFFERENT_ANSWERS, NO_NAME);
    }
}
