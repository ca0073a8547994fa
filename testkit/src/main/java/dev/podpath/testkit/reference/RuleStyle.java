package dev.podpath.testkit.reference;

/** Generations of the rules that kube-proxy writes in iptables mode. */
public enum RuleStyle {
    /** 1.26 to 1.34: source ranges are enforced in the filter table. */
    SINCE_1_26,
    /** 1.24 and 1.25: as today, but what the source ranges refuse is marked and dropped by the kubelet's rules. */
    FROM_1_24,
    /** Up to 1.23, in the form of 1.17: KUBE-XLB chains, ready endpoints only, no internal traffic policy. */
    UP_TO_1_23
}
