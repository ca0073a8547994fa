package dev.podpath.k8s.ingress.nginx.select;

import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.pcre.RegexBudget;
import dev.podpath.k8s.ingress.nginx.pcre.RegexMatch;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** The locations directly inside a block, and how one is chosen ({@code ngx_http_core_find_location}). */
public final class LocationScope {
    private final StaticLocations fixed;
    private final Vector<LocationBlock> regexes;
    private final Vector<LocationBlock> named;

    private LocationScope(Vector<LocationBlock> locations) {
        this.named = locations.filter(location -> location.kind() == LocationBlock.Kind.NAMED);
        this.regexes = locations.filter(LocationBlock::isRegex);
        this.fixed = new StaticLocations(
                locations.filter(location -> !location.isRegex() && location.kind() != LocationBlock.Kind.NAMED));
    }

    static LocationScope of(Vector<Directive> directives, Option<LocationBlock> outer) {
        return new LocationScope(directives
                .filter(directive -> directive.is("location") && directive.isBlock())
                .flatMap(directive -> LocationBlock.of(directive, outer)));
    }

    /** The location {@code @name}. */
    public Option<LocationBlock> named(String name) {
        return named.find(location -> location.name().equals(name));
    }

    /**
     * The location for a path.
     *
     * @param path as {@link RequestUri} has it
     */
    public Either<Undecided, LocationChoice> find(String path, RegexBudget budget) {
        StaticLocations.Result result = fixed.find(path);
        if (result instanceof StaticLocations.Result.Exact exact) {
            return chosen(exact.location(), LocationChoice.How.EXACT);
        }
        if (result instanceof StaticLocations.Result.Slash slash) {
            return chosen(slash.location(), LocationChoice.How.SLASH);
        }
        if (!(result instanceof StaticLocations.Result.Prefix prefix)) {
            return regex(
                    path,
                    new LocationChoice(Option.none(), LocationChoice.How.NONE, Option.none(), Option.none()),
                    budget);
        }
        LocationBlock location = prefix.location();
        Either<Undecided, LocationChoice> inner = location.inner().find(path, budget);
        if (inner.isLeft() || isFinal(inner.get())) {
            return inner;
        }
        boolean only = location.kind() == LocationBlock.Kind.PREFIX_ONLY;
        LocationChoice.How how = only ? LocationChoice.How.PREFIX_ONLY : LocationChoice.How.PREFIX;
        LocationChoice here = inner.get().location().isDefined()
                ? inner.get()
                : new LocationChoice(Option.some(location), how, Option.none(), Option.none());
        return only ? Either.right(here) : regex(path, here, budget);
    }

    /** Whether the regular expressions of the blocks around are not asked any more. */
    private static boolean isFinal(LocationChoice choice) {
        return switch (choice.how()) {
            case EXACT, SLASH, REGEX -> true;
            case PREFIX, PREFIX_ONLY, NONE -> false;
        };
    }

    private Either<Undecided, LocationChoice> regex(String path, LocationChoice otherwise, RegexBudget budget) {
        for (LocationBlock location : regexes) {
            Either<String, Option<RegexMatch>> match = location.regex().flatMap(pcre -> pcre.find(path, budget));
            if (match.isLeft()) {
                return Either.left(new Undecided(
                        "whether " + location + " matches is not known: " + match.getLeft(), location.directive()));
            }
            if (match.get().isEmpty()) {
                continue;
            }
            LocationChoice here = new LocationChoice(
                    Option.some(location), LocationChoice.How.REGEX, otherwise.location(), match.get());
            return location.inner()
                    .find(path, budget)
                    .map(inner -> inner.location().isDefined() ? asRegex(inner, here) : here);
        }
        return Either.right(otherwise);
    }

    /** A location inside a regular expression: no expression outside is asked after it. */
    private static LocationChoice asRegex(LocationChoice inner, LocationChoice outer) {
        boolean plain = inner.how() == LocationChoice.How.PREFIX || inner.how() == LocationChoice.How.PREFIX_ONLY;
        return plain
                ? new LocationChoice(inner.location(), LocationChoice.How.REGEX, outer.remembered(), outer.regex())
                : inner;
    }

    private static Either<Undecided, LocationChoice> chosen(LocationBlock location, LocationChoice.How how) {
        return Either.right(new LocationChoice(Option.some(location), how, Option.none(), Option.none()));
    }
}
