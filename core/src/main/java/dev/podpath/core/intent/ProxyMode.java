package dev.podpath.core.intent;

import io.vavr.control.Option;
import java.util.Locale;

/**
 * The modes of kube-proxy on Linux, and in what they differ for the same objects (Kubernetes documentation, Virtual IPs and
 * Service Proxies; {@code pkg/proxy/iptables}, {@code pkg/proxy/ipvs} and {@code pkg/proxy/nftables}).
 */
public enum ProxyMode {
    /** Rules in the tables nat and filter. */
    IPTABLES,
    /** Virtual servers of the kernel; the rules only mark and refuse. */
    IPVS,
    /** A table {@code kube-proxy} of nftables. */
    NFTABLES;

    /** The mode kube-proxy calls so. */
    public static Option<ProxyMode> named(String name) {
        for (ProxyMode mode : values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Option.some(mode);
            }
        }
        return Option.none();
    }

    /**
     * Whether, with externalTrafficPolicy Local, the node's pods and the node itself still reach every endpoint. A
     * virtual server has one set of real servers for all senders.
     */
    public boolean shortCircuitsLocal() {
        return this != IPVS;
    }

    /**
     * Whether refusals are rules of their own, REJECT or DROP as Kubernetes says. A virtual server without a real server
     * is answered by the kernel, with an ICMP message or not at all.
     */
    public boolean refusesByRule() {
        return this != IPVS;
    }

    /** Whether node ports can be served at 127.0.0.1. */
    public boolean servesLoopback() {
        return this == IPTABLES;
    }

    /** Whether node ports are served at the node's main address only, where nothing else is configured. */
    public boolean servesPrimaryAddressOnly() {
        return this == NFTABLES;
    }

    /**
     * Whether source ranges are enforced before it is asked whether there is an endpoint, so that what they refuse is
     * dropped even where everything else would be rejected.
     */
    public boolean checksSourcesFirst() {
        return this == NFTABLES;
    }

    /** Whether only endpoints on the node itself are known to talk to themselves through the service. */
    public boolean hairpinsLocalOnly() {
        return this == IPVS;
    }

    /** Whether every endpoint gets the same share by the mode itself, not by a scheduler one can choose. */
    public boolean sharesEqually() {
        return this != IPVS;
    }
}
