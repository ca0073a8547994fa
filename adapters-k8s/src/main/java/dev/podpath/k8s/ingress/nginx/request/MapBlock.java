package dev.podpath.k8s.ingress.nginx.request;

import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.pcre.Pcre;
import dev.podpath.k8s.ingress.nginx.pcre.RegexMatch;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * Evaluates a {@code map} ({@code ngx_http_map_module}): exact values first, then regular expressions in the order of the file, then
 * the default. Of {@code geo} only the default is evaluated, where it is all there is.
 */
final class MapBlock {
    private final Directive map;
    private final Variables variables;

    MapBlock(Directive map, Variables variables) {
        this.map = map;
        this.variables = variables;
    }

    Value value() {
        if (map.is("geo")) {
            boolean plain = map.children().forAll(line -> line.is("default"));
            return plain ? byDefault() : Value.unknown("the geo block of line " + map.line() + " is not evaluated");
        }
        boolean special =
                map.children().exists(line -> line.is("hostnames") || line.is("include") || line.isMissingInclude());
        if (special || map.args().size() != 2) {
            return Value.unknown("the map of line " + map.line() + " is not evaluated");
        }
        Value key = variables.text(map.args().get(0));
        if (!key.isKnown()) {
            return constant().getOrElse(key);
        }
        String wanted = lower(key.text());
        for (Directive line : map.children()) {
            if (!line.name().startsWith("~") && !isSetting(line) && wanted.equals(lower(unescaped(line.name())))) {
                return result(line);
            }
        }
        return regex(key.text());
    }

    private Value regex(String key) {
        for (Directive line : map.children()) {
            if (!line.name().startsWith("~")) {
                continue;
            }
            boolean caseless = line.name().startsWith("~*");
            Either<String, Option<RegexMatch>> match = Pcre.compile(line.name().substring(caseless ? 2 : 1), caseless)
                    .flatMap(pcre -> pcre.find(key, variables.budget()));
            if (match.isLeft()) {
                return Value.unknown("line " + line.line() + ": " + match.getLeft());
            }
            if (match.get().isDefined()) {
                variables.capture(match.get().get());
                return result(line);
            }
        }
        return byDefault();
    }

    /** The one value that the map has for every key, where it has just one. */
    private Option<Value> constant() {
        boolean same = map.children().map(line -> line.arg(0)).distinct().size() == 1
                && map.last("default").isDefined();
        return same ? Option.some(byDefault()) : Option.none();
    }

    private Value byDefault() {
        return map.last("default").map(this::result).getOrElse(Value.of(""));
    }

    private Value result(Directive line) {
        return line.arg(0).map(variables::text).getOrElse(Value.of(""));
    }

    private static boolean isSetting(Directive line) {
        return line.is("default") || line.is("volatile");
    }

    private static String unescaped(String key) {
        return key.startsWith("\\") ? key.substring(1) : key;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
