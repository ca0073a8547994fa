package dev.podpath.aliyun.alb;

import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.RequestHead;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Whether the conditions of an ALB rule match a request. All must match; of the values of one, any (CreateRule,
 * RuleConditions). Values are texts with {@code *} and {@code ?}; those that begin with {@code ~} are regular expressions,
 * which are not evaluated.
 */
final class AlbConditions {
    private final Flow flow;

    AlbConditions(Flow flow) {
        this.flow = flow;
    }

    /** Whether a rule matches; empty where that depends on what is not known. */
    Option<Boolean> match(Vector<Json> conditions) {
        Option<Boolean> all = Option.some(true);
        for (Json condition : conditions) {
            Option<Boolean> one = match(condition);
            if (one.contains(false)) {
                return one;
            }
            all = one.isEmpty() ? one : all;
        }
        return all;
    }

    private Option<Boolean> match(Json condition) {
        String type = condition.textOr("", "Type");
        if (type.equals("SourceIp")) {
            return flow.source().flatMap(source -> {
                Vector<Option<IpPrefix>> ranges =
                        condition.texts("SourceIpConfig", "Values").map(IpPrefix::parse);
                return ranges.exists(range -> range.exists(known -> known.contains(source)))
                        ? Option.some(true)
                        : ranges.exists(Option::isEmpty) ? Option.none() : Option.some(false);
            });
        }
        if (flow.http().isEmpty()) {
            return Option.none();
        }
        HttpRequest request = flow.http().get();
        return switch (type) {
            case "Host" -> texts(condition.texts("HostConfig", "Values"), request.host(), true);
            case "Path" -> texts(condition.texts("PathConfig", "Values"), path(request), false);
            case "Method" ->
                Option.some(condition
                        .texts("MethodConfig", "Values")
                        .exists(value -> value.equalsIgnoreCase(request.head().method())));
            case "Header" -> header(condition.at("HeaderConfig"), request);
            case "Cookie" -> cookies(condition.items("CookieConfig", "Values"), request);
            case "QueryString" -> query(condition.items("QueryStringConfig", "Values"), request);
            default -> Option.none();
        };
    }

    private static Option<Boolean> header(Json config, HttpRequest request) {
        Option<String> value = request.head().field(config.textOr("", "Key"));
        if (value.isEmpty()) {
            return unsaid(request);
        }
        return texts(config.texts("Values"), value.get(), true);
    }

    /** A request that was asked for without a word about its head may carry any header. */
    private static Option<Boolean> unsaid(HttpRequest request) {
        return request.head().equals(RequestHead.plain()) ? Option.none() : Option.some(false);
    }

    private static Option<Boolean> cookies(Vector<Json> values, HttpRequest request) {
        Vector<Option<Boolean>> each = values.map(pair -> request.head()
                .cookie(pair.textOr("", "Key"))
                .map(value -> texts(Vector.of(pair.textOr("", "Value")), value, false))
                .getOrElse(() -> unsaid(request)));
        return any(each);
    }

    private static Option<Boolean> query(Vector<Json> values, HttpRequest request) {
        int mark = request.path().indexOf('?');
        Vector<String> sent = mark < 0
                ? Vector.empty()
                : Vector.of(request.path().substring(mark + 1).split("&"));
        return any(values.map(pair -> {
            String key = pair.textOr("", "Key");
            return any(sent.filter(part -> name(part).equals(key))
                    .map(part -> texts(Vector.of(pair.textOr("", "Value")), value(part), false)));
        }));
    }

    private static String name(String part) {
        int equals = part.indexOf('=');
        return decode(equals < 0 ? part : part.substring(0, equals));
    }

    private static String value(String part) {
        int equals = part.indexOf('=');
        return decode(equals < 0 ? "" : part.substring(equals + 1));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String path(HttpRequest request) {
        int mark = request.path().indexOf('?');
        return mark < 0 ? request.path() : request.path().substring(0, mark);
    }

    private static Option<Boolean> any(Vector<Option<Boolean>> each) {
        return each.exists(one -> one.contains(true))
                ? Option.some(true)
                : each.exists(Option::isEmpty) ? Option.none() : Option.some(false);
    }

    private static Option<Boolean> texts(Vector<String> patterns, String text, boolean ignoreCase) {
        String compared = ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
        Predicate<String> matches =
                pattern -> wildcard(ignoreCase ? pattern.toLowerCase(Locale.ROOT) : pattern, compared);
        return any(
                patterns.map(pattern -> pattern.startsWith("~") ? Option.none() : Option.some(matches.test(pattern))));
    }

    /** {@code *} stands for any characters, {@code ?} for one. Takes at most the product of both lengths in steps. */
    static boolean wildcard(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int mark = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = t;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
