package dev.podpath.ports.redact;

import java.util.Locale;

/** What {@code nginx.conf} names, and what it may hold besides. */
final class NginxText {
    private NginxText() {}

    /** Learns server names, upstreams and what the controller notes of Ingress objects. */
    static void learn(String conf, Words words) {
        conf.lines().map(String::strip).forEach(line -> {
            if (line.startsWith("server_name") || line.startsWith("upstream ")) {
                words.name(line.substring(line.indexOf('_') == 6 ? 11 : 8));
            } else if (line.matches(
                    "set \\$(namespace|ingress_name|service_name|proxy_upstream_name|best_http_host)\\b.*")) {
                words.name(line.substring(line.indexOf(' ', 5) + 1));
            } else {
                int end = 0;
                while (end < line.length()
                        && (Character.isLetterOrDigit(line.charAt(end)) || line.charAt(end) == '_')) {
                    end++;
                }
                words.trade(line.substring(0, end));
            }
        });
    }

    /** The same with values of headers that may let somebody in replaced. */
    static String withoutSecrets(String conf) {
        StringBuilder out = new StringBuilder(conf.length());
        int from = 0;
        while (from < conf.length()) {
            int end = conf.indexOf('\n', from);
            end = end < 0 ? conf.length() : end;
            out.append(line(conf.substring(from, end)));
            if (end < conf.length()) {
                out.append('\n');
            }
            from = end + 1;
        }
        return out.toString();
    }

    private static String line(String line) {
        String text = line.strip().toLowerCase(Locale.ROOT);
        boolean header = text.startsWith("proxy_set_header")
                || text.startsWith("add_header")
                || text.startsWith("more_set")
                || text.startsWith("grpc_set_header");
        boolean secret = header && text.matches(".*(authorization|cookie|token|secret|password|key).*");
        return secret && text.endsWith(";") ? line.replaceAll("\"[^\"$]*\"|'[^'$]*'", "\"redacted\"") : line;
    }
}
