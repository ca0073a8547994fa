package dev.podpath.k8s.ingress.nginx.request;

import dev.podpath.core.net.IpAddress;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.pcre.RegexBudget;
import dev.podpath.k8s.ingress.nginx.pcre.RegexMatch;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.k8s.ingress.nginx.select.RequestUri;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The variables of one request: what {@code set}, maps and captures give, and nginx's own. Not for several threads. */
final class Variables {
    private static final int MAX_NESTED = 20;
    private static final int MAX_LENGTH = 64 << 10;

    private final HttpArrival arrival;
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Directive> maps = new HashMap<>();
    private final Set<String> absent = new LinkedHashSet<>();
    private final RegexBudget budget;
    private String host = "";
    private RequestUri uri = new RequestUri("/", "", false);
    private Option<RegexMatch> captures = Option.none();
    private int nested;

    Variables(HttpConf conf, HttpArrival arrival, RegexBudget budget) {
        this.arrival = arrival;
        this.budget = budget;
        conf.http()
                .filter(line -> line.isBlock() && (line.is("map") || line.is("geo")))
                .forEach(line -> line.args()
                        .lastOption()
                        .forEach(name -> maps.put(name.startsWith("$") ? name.substring(1) : name, line)));
    }

    RegexBudget budget() {
        return budget;
    }

    RequestUri uri() {
        return uri;
    }

    void setUri(RequestUri changed) {
        this.uri = changed;
    }

    void setHost(String name) {
        this.host = name;
    }

    void set(String name, Value value) {
        values.put(name, value);
    }

    /** Makes the groups of a match readable as {@code $1} and by their names. */
    void capture(RegexMatch match) {
        captures = Option.some(match);
        match.named().forEach((name, number) -> values.put(name, Value.of(match.group(number))));
    }

    /** Headers and cookies that were looked at and taken for not sent. */
    Vector<String> absent() {
        return Vector.ofAll(absent);
    }

    /** Text in which {@code $name}, <code>${name}</code> and {@code $1} stand for values. */
    Value text(String template) {
        return text(template, false);
    }

    /** The same; numbered captures may be escaped as arguments are, which nginx does where the path was. */
    Value text(String template, boolean escapeCaptures) {
        boolean escape = escapeCaptures
                && (pathOf(arrival.target()).indexOf('%') >= 0
                        || pathOf(arrival.target()).indexOf('+') >= 0);
        Value result = Value.of("");
        int at = 0;
        while (at < template.length() && result.isKnown()) {
            int dollar = template.indexOf('$', at);
            if (dollar < 0) {
                return result.then(Value.of(template.substring(at)));
            }
            result = result.then(Value.of(template.substring(at, dollar)));
            boolean braced = template.startsWith("{", dollar + 1);
            int from = dollar + (braced ? 2 : 1);
            int to = from;
            boolean digit = from < template.length() && isDigit(template.charAt(from));
            while (to < template.length() && isName(template.charAt(to)) && !(digit && to > from && !braced)) {
                to++;
            }
            Value value = to == from ? Value.of("$") : get(template.substring(from, to));
            result = result.then(escape && digit ? Value.of(Escape.args(value.text())) : value);
            at = braced && to < template.length() && template.charAt(to) == '}' ? to + 1 : to;
            if (result.text().length() > MAX_LENGTH) {
                return Value.unknown("a value is longer than " + MAX_LENGTH + " bytes");
            }
        }
        return result;
    }

    private static String pathOf(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The value of a variable. */
    Value get(String name) {
        if (isDigit(name.charAt(0))) {
            int number = name.charAt(0) - '0';
            return Value.of(captures.map(match -> match.group(number)).getOrElse(""));
        }
        Value own = values.get(name);
        if (own != null) {
            return own;
        }
        Directive map = maps.get(name);
        if (map != null) {
            return mapped(name, map);
        }
        return builtIn(name);
    }

    private Value mapped(String name, Directive map) {
        if (++nested > MAX_NESTED) {
            nested--;
            return Value.unknown("the maps behind $" + name + " refer to each other");
        }
        Value value = new MapBlock(map, this).value();
        nested--;
        return value;
    }

    private Value builtIn(String name) {
        return switch (name) {
            case "scheme" -> Value.of(arrival.tls() ? "https" : "http");
            case "https" -> Value.of(arrival.tls() ? "on" : "");
            case "host" -> Value.of(host);
            case "http_host" -> Value.of(arrival.host().getOrElse(""));
            case "request_uri" -> Value.of(arrival.target());
            case "uri", "document_uri" -> Value.of(uri.path());
            case "args", "query_string" -> Value.of(uri.args());
            case "is_args" -> Value.of(uri.args().isEmpty() ? "" : "?");
            case "request_method" -> Value.of(arrival.head().method());
            case "server_protocol" -> Value.of("HTTP/1.1");
            case "server_port" -> Value.of(Integer.toString(arrival.to().port()));
            case "server_addr" -> Value.of(arrival.to().address().toString());
            case "remote_addr", "realip_remote_addr" ->
                arrival.source()
                        .map(IpAddress::toString)
                        .map(Value::of)
                        .getOrElse(() -> Value.unknown("the client's address is not known"));
            default -> byPrefix(name);
        };
    }

    private Value byPrefix(String name) {
        if (name.startsWith("http_") || name.startsWith("cookie_")) {
            Option<String> sent = sent(name);
            if (sent.isDefined()) {
                return Value.of(sent.get());
            }
            absent.add(
                    name.startsWith("http_")
                            ? "header " + name.substring("http_".length()).replace('_', '-')
                            : "cookie " + name.substring("cookie_".length()));
            return Value.of("");
        }
        if (name.startsWith("arg_")) {
            return Value.of(argument(name.substring("arg_".length())));
        }
        return Value.unknown("the value of $" + name + " is not known");
    }

    private Option<String> sent(String name) {
        return name.startsWith("cookie_")
                ? SentVariables.cookie(arrival.head(), name.substring("cookie_".length()))
                : SentVariables.header(arrival.head(), name.substring("http_".length()));
    }

    private String argument(String name) {
        for (String pair : uri.args().split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).equalsIgnoreCase(name)) {
                return pair.substring(equals + 1);
            }
        }
        return "";
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isName(char c) {
        return isDigit(c) || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
