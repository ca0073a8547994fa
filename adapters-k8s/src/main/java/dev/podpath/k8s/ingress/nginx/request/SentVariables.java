package dev.podpath.k8s.ingress.nginx.request;

import dev.podpath.core.location.RequestHead;
import io.vavr.control.Option;
import java.util.Locale;

/** Header fields and cookies of a request as nginx's variables {@code $http_NAME} and {@code $cookie_NAME} hold them. */
public final class SentVariables {
    private SentVariables() {}

    /**
     * The field whose name, with dashes as underscores, is this one. Fields with an underscore in the name are left out, as by default
     * ({@code underscores_in_headers}); several of one name are one, as since nginx 1.23.
     */
    public static Option<String> header(RequestHead head, String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return head.fields()
                .map(RequestHead.Field::name)
                .find(field -> field.indexOf('_') < 0 && field.replace('-', '_').equals(wanted))
                .flatMap(head::field);
    }

    /**
     * The cookie of a name in any case; it ends at a semicolon, and the next may begin after a comma as well
     * ({@code ngx_http_parse_multi_header_lines} of {@code ngx_http_parse.c}).
     */
    public static Option<String> cookie(RequestHead head, String name) {
        return head.field("cookie").flatMap(text -> cookie(text, name));
    }

    private static Option<String> cookie(String text, String name) {
        int at = 0;
        while (at < text.length()) {
            at = spaces(text, at);
            if (text.regionMatches(true, at, name, 0, name.length())) {
                int equals = spaces(text, at + name.length());
                if (equals < text.length() && text.charAt(equals) == '=') {
                    int from = spaces(text, equals + 1);
                    int end = text.indexOf(';', from);
                    return Option.some(text.substring(from, end < 0 ? text.length() : end));
                }
            }
            while (at < text.length() && text.charAt(at) != ';' && text.charAt(at) != ',') {
                at++;
            }
            at++;
        }
        return Option.none();
    }

    private static int spaces(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
