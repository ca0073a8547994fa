package dev.podpath.k8s.ingress.gateway;

import dev.podpath.k8s.ingress.nginx.pcre.Pcre;
import dev.podpath.k8s.ingress.nginx.pcre.RegexBudget;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * What a match asks of one header or query parameter ({@code HTTPHeaderMatch}, {@code HTTPQueryParamMatch}, {@code GRPCHeaderMatch}).
 *
 * @param name of the header in lower case, of the parameter as written
 * @param value what it is compared with
 * @param regex whether that is a regular expression
 */
record NamedMatch(String name, String value, boolean regex) {
    /** Headers; of several for one name only the first counts. */
    static Vector<NamedMatch> headers(Vector<Json> items) {
        return items.map(item -> of(item, item.textOr("", "name").toLowerCase(Locale.ROOT)))
                .distinctBy(NamedMatch::name);
    }

    /** Query parameters; of several for one name only the first counts. */
    static Vector<NamedMatch> parameters(Vector<Json> items) {
        return items.map(item -> of(item, item.textOr("", "name"))).distinctBy(NamedMatch::name);
    }

    private static NamedMatch of(Json item, String name) {
        return new NamedMatch(
                name, item.textOr("", "value"), item.textOr("", "type").equals("RegularExpression"));
    }

    /** Whether the value sent fits; what is not sent does not. */
    Either<String, Boolean> fits(Option<String> sent) {
        if (sent.isEmpty() || !regex) {
            return Either.right(sent.contains(value));
        }
        return whole(value, sent.get());
    }

    /** Whether a regular expression fits a whole text. */
    static Either<String, Boolean> whole(String pattern, String text) {
        return Pcre.compile("^(?:" + pattern + ")$", false)
                .flatMap(compiled -> compiled.find(text, RegexBudget.standard()))
                .map(Option::isDefined);
    }

    @Override
    public String toString() {
        return name + (regex ? "~" : "=") + value;
    }
}
