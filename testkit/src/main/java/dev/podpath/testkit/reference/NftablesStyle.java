package dev.podpath.testkit.reference;

/** Generations of the rules that kube-proxy writes in nftables mode. */
public enum NftablesStyle {
    /** 1.34 and later: what is refused for want of endpoints is refused at priority 0. */
    SINCE_1_34,
    /** 1.29 to 1.33: the same at priority -110, and cluster addresses after the translation at -90. */
    FROM_1_29
}
