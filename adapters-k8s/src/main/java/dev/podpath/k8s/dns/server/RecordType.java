package dev.podpath.k8s.dns.server;

/** Types of records that are asked for (RFC 1035, RFC 2782, RFC 3596). */
public enum RecordType {
    /** An IPv4 address. */
    A,
    /** An IPv6 address. */
    AAAA,
    /** An alias. */
    CNAME,
    /** Name servers of a zone. */
    NS,
    /** The name of an address. */
    PTR,
    /** A service: priority, weight, port, name. */
    SRV,
    /** Text. */
    TXT
}
