package dev.podpath.aws.elb;

import dev.podpath.core.location.HttpRequest;
import dev.podpath.ports.snapshot.Json;

/** Where a redirect action sends a client (ELBv2 API {@code RedirectActionConfig}). */
final class Redirect {
    private Redirect() {}

    /**
     * The new URL. A component that the action does not set stays as it is, and the placeholders stand for the
     * components of the request.
     *
     * @param config the action's {@code RedirectConfig}
     * @param request the request
     * @param port the listener's port
     */
    static String url(Json config, HttpRequest request, int port) {
        int mark = request.path().indexOf('?');
        String path = mark < 0 ? request.path() : request.path().substring(0, mark);
        String query = mark < 0 ? "" : request.path().substring(mark + 1);
        Parts parts = new Parts(
                request.scheme(),
                request.host(),
                Integer.toString(port),
                path.startsWith("/") ? path.substring(1) : path,
                query);
        String scheme = parts.fill(config.textOr("#{protocol}", "Protocol")).toLowerCase(java.util.Locale.ROOT);
        String newPort = parts.fill(config.textOr("#{port}", "Port"));
        String newQuery = parts.fill(config.textOr("#{query}", "Query"));
        boolean usual = newPort.equals(scheme.equals("https") ? "443" : "80");
        return scheme + "://" + parts.fill(config.textOr("#{host}", "Host"))
                + (usual ? "" : ":" + newPort)
                + parts.fill(config.textOr("/#{path}", "Path"))
                + (newQuery.isEmpty() ? "" : "?" + newQuery);
    }

    /** {@code 301} of {@code HTTP_301}. */
    static String status(Json config) {
        String code = config.textOr("", "StatusCode");
        return code.startsWith("HTTP_") ? code.substring(5) : code;
    }

    private record Parts(String protocol, String host, String port, String path, String query) {
        /** Fills placeholders in one pass, so that what is filled in is not looked at again. */
        String fill(String pattern) {
            StringBuilder out = new StringBuilder();
            int at = 0;
            while (at < pattern.length()) {
                int start = pattern.indexOf("#{", at);
                int end = start < 0 ? -1 : pattern.indexOf('}', start);
                if (end < 0) {
                    break;
                }
                out.append(pattern, at, start).append(value(pattern.substring(start + 2, end)));
                at = end + 1;
            }
            return out.append(pattern.substring(at)).toString();
        }

        private String value(String name) {
            return switch (name) {
                case "protocol" -> protocol;
                case "host" -> host;
                case "port" -> port;
                case "path" -> path;
                case "query" -> query;
                default -> "#{" + name + "}";
            };
        }
    }
}
