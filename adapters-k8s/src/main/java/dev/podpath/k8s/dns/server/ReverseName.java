package dev.podpath.k8s.dns.server;

import dev.podpath.core.net.IpAddress;
import io.vavr.control.Option;

/** Names that stand for addresses: {@code in-addr.arpa} (RFC 1035) and {@code ip6.arpa} (RFC 3596). */
final class ReverseName {
    private static final String V4 = ".in-addr.arpa";
    private static final String V6 = ".ip6.arpa";

    private ReverseName() {}

    static Option<IpAddress> address(String name) {
        if (name.endsWith(V4)) {
            String[] labels = name.substring(0, name.length() - V4.length()).split("\\.", -1);
            return labels.length == 4
                    ? IpAddress.parse(labels[3] + "." + labels[2] + "." + labels[1] + "." + labels[0])
                    : Option.none();
        }
        if (!name.endsWith(V6)) {
            return Option.none();
        }
        String[] nibbles = name.substring(0, name.length() - V6.length()).split("\\.", -1);
        if (nibbles.length != 32) {
            return Option.none();
        }
        StringBuilder text = new StringBuilder();
        for (int i = 31; i >= 0; i--) {
            if (nibbles[i].length() != 1) {
                return Option.none();
            }
            text.append(nibbles[i]).append(i % 4 == 0 && i > 0 ? ":" : "");
        }
        return IpAddress.parse(text.toString());
    }
}
