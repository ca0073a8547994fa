package dev.podpath.k8s.ingress.gateway;

import dev.podpath.core.location.HttpRequest;
import dev.podpath.k8s.ingress.nginx.pcre.Pcre;
import dev.podpath.k8s.ingress.nginx.pcre.RegexBudget;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * What a rule of a route asks of a request ({@code HTTPRouteMatch}, {@code GRPCRouteMatch}); everything of it must fit.
 *
 * @param kind how the path is compared
 * @param path what it is compared with
 * @param method the method; empty for every one
 * @param headers names of headers that must be there
 * @param query parameters that must be there, {@code name=value}
 * @param unclear why it cannot be told whether it fits; empty where it can
 */
record RouteMatch(
        Kind kind,
        String path,
        Option<String> method,
        Vector<String> headers,
        Vector<String> query,
        Option<String> unclear) {
    /** How a path is compared. */
    enum Kind {
        /** The whole path. */
        EXACT,
        /** Its first elements, split at slashes. */
        PREFIX,
        /** A regular expression; which of several wins is left to the implementation. */
        REGEX
    }

    /** Fits every request. */
    static RouteMatch any() {
        return new RouteMatch(Kind.PREFIX, "/", Option.none(), Vector.empty(), Vector.empty(), Option.none());
    }

    /**
     * Whether a GET request fits; it is taken to carry none of the headers.
     *
     * @return the truth, or why it cannot be told
     */
    Either<String, Boolean> fits(HttpRequest request) {
        String target = request.path();
        int mark = target.indexOf('?');
        Vector<String> parameters =
                mark < 0 ? Vector.empty() : Vector.of(target.substring(mark + 1).split("&"));
        boolean rest = method.forAll("GET"::equals) && headers.isEmpty() && query.forAll(parameters::contains);
        if (!rest) {
            return Either.right(false);
        }
        if (unclear.isDefined()) {
            return Either.left(unclear.get());
        }
        return fitsPath(mark < 0 ? target : target.substring(0, mark));
    }

    private Either<String, Boolean> fitsPath(String asked) {
        return switch (kind) {
            case EXACT -> Either.right(asked.equals(path));
            case PREFIX -> Either.right(startsWith(asked));
            case REGEX ->
                Pcre.compile("^(?:" + path + ")$", false)
                        .flatMap(pattern -> pattern.find(asked, RegexBudget.standard()))
                        .map(Option::isDefined);
        };
    }

    private boolean startsWith(String asked) {
        String prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return asked.equals(prefix) || asked.startsWith(prefix + "/");
    }

    @Override
    public String toString() {
        String conditions = method.map(each -> ", method " + each).getOrElse("")
                + (headers.isEmpty() ? "" : ", headers " + headers.mkString(" "))
                + (query.isEmpty() ? "" : ", query " + query.mkString(" "));
        return kind + " " + path + conditions;
    }
}
