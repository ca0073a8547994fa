package dev.podpath.aws.route53;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import io.vavr.collection.Vector;

/** Diagnoses about names. */
public final class Route53Findings {
    /** A record that was left behind. */
    public static final FindingCode NO_LOAD_BALANCER = new FindingCode(
            "PP-DNS-001",
            Severity.WARNING,
            "A record leads to an address that nothing in the account has",
            "The record names a load balancer that is not among those of the account: typically it was created anew and"
                    + " nobody updated the record, because it has no owner or belongs to another one.",
            "Compare the record with the hostname in the status of the Service or Ingress, and look at what updates the"
                    + " record (the TXT record that names its owner).");

    /** A routing policy that was asked for and is not there. */
    public static final FindingCode NOT_ROUTED = new FindingCode(
            "PP-DNS-002",
            Severity.WARNING,
            "A simple record stands where a routing policy was asked for",
            "An annotation of a Service or Ingress asks for a weighted, regional or other routed record, and the record of"
                    + " the name is a simple one: external-dns leaves the policy out where the set identifier is missing,"
                    + " and does not change the kind of a record that is there already.",
            "Set external-dns.alpha.kubernetes.io/set-identifier beside the policy's annotation on every object of the"
                    + " name, delete the simple record, and let external-dns write it anew.");

    /** A name that leads nowhere. */
    public static final FindingCode NO_NAME = new FindingCode(
            "PP-DNS-100",
            Severity.ERROR,
            "The name has no address",
            "The zone was captured as a whole, and no record of type A, AAAA or CNAME in it answers for the name.",
            "Add the record, or look why what should write it did not.");

    private Route53Findings() {}

    /** All of them. */
    public static Vector<FindingCode> all() {
        return Vector.of(NO_LOAD_BALANCER, NOT_ROUTED, NO_NAME);
    }
}
