package dev.podpath.k8s.objects;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import io.vavr.control.Option;

/**
 * Addresses of Kubernetes objects, read as kube-proxy reads them: blanks around them are ignored and leading zeros are
 * decimal ({@code k8s.io/utils/net} ParseIPSloppy).
 */
final class LenientAddress {
    private LenientAddress() {}

    static Option<IpAddress> parse(String text) {
        String trimmed = text.strip();
        Option<IpAddress> address = IpAddress.parse(trimmed);
        return address.isDefined() ? address : IpAddress.parse(withoutLeadingZeros(trimmed));
    }

    static Option<IpPrefix> prefix(String text) {
        String trimmed = text.strip();
        int slash = trimmed.indexOf('/');
        return slash < 0
                ? parse(trimmed).map(IpPrefix::host)
                : parse(trimmed.substring(0, slash))
                        .flatMap(address -> IpPrefix.parse(address + trimmed.substring(slash)));
    }

    private static String withoutLeadingZeros(String text) {
        if (text.indexOf(':') >= 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        boolean leading = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean next = i + 1 < text.length() && Character.isDigit(text.charAt(i + 1));
            if (leading && c == '0' && next) {
                continue;
            }
            leading = c == '.';
            out.append(c);
        }
        return out.toString();
    }
}
