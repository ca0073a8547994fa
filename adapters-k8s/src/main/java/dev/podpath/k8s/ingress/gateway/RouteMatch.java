package dev.podpath.k8s.ingress.gateway;

import dev.podpath.core.location.HttpRequest;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * What a rule of a route asks of a request ({@code HTTPRouteMatch}, {@code GRPCRouteMatch}); everything of it must fit.
 *
 * @param kind how the path is compared
 * @param path what it is compared with
 * @param method the method; empty for every one
 * @param headers headers that must be there
 * @param query parameters that must be there
 */
record RouteMatch(Kind kind, String path, Option<String> method, Vector<NamedMatch> headers, Vector<NamedMatch> query) {
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
        return new RouteMatch(Kind.PREFIX, "/", Option.none(), Vector.empty(), Vector.empty());
    }

    /**
     * Whether a request fits.
     *
     * @return the truth, or why it cannot be told
     */
    Either<String, Boolean> fits(HttpRequest request) {
        if (!method.forAll(request.head().method()::equals)) {
            return Either.right(false);
        }
        String target = request.path();
        int mark = target.indexOf('?');
        Either<String, Boolean> fits = fitsPath(mark < 0 ? target : target.substring(0, mark));
        for (NamedMatch header : headers) {
            fits = and(fits, header.fits(request.head().field(header.name())));
        }
        Vector<String> pairs =
                mark < 0 ? Vector.empty() : Vector.of(target.substring(mark + 1).split("&"));
        for (NamedMatch parameter : query) {
            fits = and(fits, parameter.fits(sent(pairs, parameter.name())));
        }
        return fits;
    }

    private static Option<String> sent(Vector<String> pairs, String name) {
        return pairs.find(pair -> pair.equals(name) || pair.startsWith(name + "="))
                .map(pair -> pair.substring(Math.min(pair.length(), name.length() + 1)));
    }

    /** What is certainly not so is not, whatever else cannot be told. */
    private static Either<String, Boolean> and(Either<String, Boolean> one, Either<String, Boolean> other) {
        boolean never = one.contains(false) || other.contains(false);
        return never ? Either.right(false) : one.flatMap(yes -> other);
    }

    private Either<String, Boolean> fitsPath(String asked) {
        return switch (kind) {
            case EXACT -> Either.right(asked.equals(path));
            case PREFIX -> Either.right(startsWith(asked));
            case REGEX -> NamedMatch.whole(path, asked);
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
