package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.AddressPort;

/**
 * The names of the chains and sets of nftables mode: a prefix, eight characters of a hash, and what they are for, cut where that is too long
 * (kube-proxy {@code pkg/proxy/nftables/proxier.go}, {@code servicePortEndpointChainNamePrefix} and its like).
 */
public final class NftNames {
    private static final int LONGEST = 240;

    private NftNames() {}

    /** The chain of a service port: {@code service-}, {@code local-}, {@code external-} or {@code firewall-}. */
    public static String ofService(String prefix, ServiceKey service, ServicePort port) {
        return name(prefix, text(service, port));
    }

    /** The chain or set of an endpoint of a service port: {@code endpoint-} or {@code affinity-}. */
    public static String ofEndpoint(String prefix, ServiceKey service, ServicePort port, AddressPort endpoint) {
        String address = endpoint.address().toString().replace(':', '.');
        return name(prefix, text(service, port) + "__" + address + "/" + endpoint.port());
    }

    private static String text(ServiceKey service, ServicePort port) {
        return service + "/" + port.protocol().lower() + "/" + port.name();
    }

    private static String name(String prefix, String text) {
        String base = ChainNames.hash(text).substring(0, 8) + "-" + text;
        return prefix + (base.length() > LONGEST ? base.substring(0, LONGEST - 3) + "..." : base);
    }
}
