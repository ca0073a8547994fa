package dev.podpath.aws.elb;

import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.RequestHead;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Decides whether the conditions of a rule match a request (Application Load Balancer guide, "Condition types for
 * listener rules"). All conditions must match; of the values of one, any.
 */
final class Conditions {
    private static final int LONGEST = 1024;

    private final Option<HttpRequest> http;
    private final Option<IpAddress> source;
    private final BoundedRegex regex;
    private boolean methodAssumed;

    Conditions(Flow flow, BoundedRegex regex) {
        this.http = flow.http();
        this.source = flow.source();
        this.regex = regex;
    }

    /** Whether a rule matches. */
    enum Match {
        YES,
        NO,
        /** It depends on something that is not known. */
        OPEN
    }

    /** Whether some answer rests on the method being GET. */
    boolean methodAssumed() {
        return methodAssumed;
    }

    Match match(ListenerRule rule) {
        if (rule.isDefault()) {
            return Match.YES;
        }
        Match all = rule.conditions().isEmpty() || rule.priority().isEmpty() ? Match.OPEN : Match.YES;
        for (Json condition : rule.conditions()) {
            Match one = match(condition);
            if (one == Match.NO) {
                return one;
            }
            all = one == Match.OPEN ? one : all;
        }
        return all;
    }

    /** What a rule waits for, in words: the conditions that are open. */
    String open(ListenerRule rule) {
        return rule.conditions()
                .filter(condition -> match(condition) == Match.OPEN)
                .map(Conditions::describe)
                .mkString(" and ");
    }

    /** Why a rule does not match, in words: the first condition that does not. */
    String failed(ListenerRule rule) {
        return rule.conditions()
                .find(condition -> match(condition) == Match.NO)
                .map(Conditions::describe)
                .getOrElse("");
    }

    private static String describe(Json condition) {
        Option<String> header = condition.text("HttpHeaderConfig", "HttpHeaderName");
        String what = header.map(name -> "header " + name)
                .getOrElse(() -> condition.textOr("a condition without a field", "Field"));
        Vector<String> values = Vector.of(
                        "HttpHeaderConfig",
                        "HostHeaderConfig",
                        "PathPatternConfig",
                        "SourceIpConfig",
                        "HttpRequestMethodConfig")
                .flatMap(field -> condition.texts(field, "Values").appendAll(condition.texts(field, "RegexValues")))
                .distinct();
        return values.isEmpty() ? what : what + " matching " + values.take(5).mkString(" or ");
    }

    private Match match(Json condition) {
        return switch (condition.textOr("", "Field")) {
            case "host-header" -> onHttp(request -> text(condition, "HostHeaderConfig", request.host(), true));
            case "path-pattern" -> onHttp(request -> text(condition, "PathPatternConfig", path(request), false));
            case "http-header" -> header(condition);
            case "http-request-method" -> method(condition);
            case "query-string" -> onHttp(request -> query(condition, request));
            case "source-ip" -> sourceIp(condition);
            default -> Match.OPEN;
        };
    }

    private Match onHttp(java.util.function.Function<HttpRequest, Match> decide) {
        return http.map(decide).getOrElse(Match.OPEN);
    }

    private Match text(Json condition, String config, String text, boolean ignoreCase) {
        Vector<String> values = condition.texts(config, "Values");
        Vector<String> expressions = condition.texts(config, "RegexValues");
        Vector<String> patterns = values.isEmpty() && expressions.isEmpty() ? condition.texts("Values") : values;
        Match plain = any(
                patterns,
                pattern -> ignoreCase
                        ? Wildcard.matches(lower(pattern), lower(text), false)
                        : Wildcard.matches(pattern, text, false));
        if (plain == Match.YES || expressions.isEmpty()) {
            return plain;
        }
        Match result = patterns.isEmpty() ? Match.NO : plain;
        for (String expression : expressions) {
            BoundedRegex.Match match = regex.match(expression, text, ignoreCase);
            if (match == BoundedRegex.Match.WHOLE) {
                return Match.YES;
            }
            result = match == BoundedRegex.Match.NOT ? result : Match.OPEN;
        }
        return result;
    }

    /** A request that was asked for without a word about its head may carry any header. */
    private Match header(Json condition) {
        String name = condition.text("HttpHeaderConfig", "HttpHeaderName").getOrElse("");
        if (name.equalsIgnoreCase("host")) {
            return onHttp(request -> text(condition, "HttpHeaderConfig", request.host(), true));
        }
        return onHttp(request -> {
            Vector<String> values = request.head()
                    .fields()
                    .filter(field -> field.name().equalsIgnoreCase(name))
                    .map(RequestHead.Field::value);
            if (values.isEmpty()) {
                return request.head().equals(RequestHead.plain()) ? Match.OPEN : Match.NO;
            }
            Vector<Match> each = values.map(value -> text(condition, "HttpHeaderConfig", value, true));
            return each.find(match -> match == Match.YES)
                    .orElse(() -> each.find(match -> match == Match.OPEN))
                    .getOrElse(Match.NO);
        });
    }

    private Match method(Json condition) {
        if (http.isEmpty()) {
            return Match.OPEN;
        }
        RequestHead head = http.get().head();
        methodAssumed = methodAssumed || head.equals(RequestHead.plain());
        Vector<String> methods = condition.texts("HttpRequestMethodConfig", "Values");
        return any(methods.isEmpty() ? condition.texts("Values") : methods, head.method()::equals);
    }

    private Match query(Json condition, HttpRequest request) {
        int mark = request.path().indexOf('?');
        Vector<String> pairs = mark < 0
                ? Vector.empty()
                : Vector.of(request.path().substring(mark + 1).split("&", -1)).filter(pair -> !pair.isEmpty());
        Vector<Json> wanted = condition.items("QueryStringConfig", "Values");
        if (wanted.isEmpty()) {
            return Match.OPEN;
        }
        return wanted.exists(value -> pairs.exists(pair -> pair(value, pair))) ? Match.YES : Match.NO;
    }

    private static boolean pair(Json wanted, String pair) {
        int equals = pair.indexOf('=');
        String key = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        boolean keyMatches = wanted.text("Key").forAll(pattern -> fits(pattern, key));
        return keyMatches && wanted.text("Value").exists(pattern -> fits(pattern, value));
    }

    private static boolean fits(String pattern, String text) {
        return pattern.length() <= LONGEST && Wildcard.matches(lower(pattern), lower(text), true);
    }

    private Match sourceIp(Json condition) {
        Vector<String> values = condition.texts("SourceIpConfig", "Values");
        Vector<IpPrefix> prefixes = (values.isEmpty() ? condition.texts("Values") : values).flatMap(IpPrefix::parse);
        if (prefixes.isEmpty()) {
            return Match.OPEN;
        }
        if (source.isEmpty()) {
            return prefixes.exists(prefix -> prefix.length() == 0) ? Match.YES : Match.OPEN;
        }
        return prefixes.exists(prefix -> prefix.contains(source.get())) ? Match.YES : Match.NO;
    }

    private static Match any(Vector<String> patterns, Predicate<String> matches) {
        if (patterns.isEmpty() || patterns.exists(pattern -> pattern.length() > LONGEST)) {
            return Match.OPEN;
        }
        return patterns.exists(matches) ? Match.YES : Match.NO;
    }

    private static String path(HttpRequest request) {
        int mark = request.path().indexOf('?');
        return mark < 0 ? request.path() : request.path().substring(0, mark);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
