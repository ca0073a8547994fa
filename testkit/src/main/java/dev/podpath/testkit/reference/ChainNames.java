package dev.podpath.testkit.reference;

import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The names of kube-proxy's chains: a prefix and the first sixteen characters of the base-32 text of a SHA-256, so that
 * they can be computed from the objects alone (kube-proxy {@code pkg/proxy/iptables/proxier.go}).
 */
public final class ChainNames {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private ChainNames() {}

    /** How kube-proxy writes a service port: {@code namespace/name:port}, or without the colon where it has no name. */
    public static String servicePort(ServiceKey service, ServicePort port) {
        return port.name().isEmpty() ? service.toString() : service + ":" + port.name();
    }

    /** The chain of a service port, such as {@code KUBE-SVC-…}; the prefixes share one hash. */
    public static String ofService(String prefix, String servicePort, Protocol protocol) {
        return prefix + hash(servicePort + protocol.lower());
    }

    /** The {@code KUBE-SEP-…} chain of an endpoint of a service port. */
    public static String ofEndpoint(String servicePort, Protocol protocol, AddressPort endpoint) {
        return "KUBE-SEP-" + hash(servicePort + protocol.lower() + endpoint);
    }

    /** Sixteen characters; they hold the first eighty bits of the digest. */
    static String hash(String text) {
        byte[] digest = sha256(text);
        StringBuilder name = new StringBuilder(16);
        int buffer = 0;
        int bits = 0;
        for (int i = 0; i < 10; i++) {
            buffer = buffer << 8 | digest[i] & 0xFF;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                name.append(ALPHABET.charAt(buffer >>> bits & 31));
            }
            buffer &= (1 << bits) - 1;
        }
        return name.toString();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
