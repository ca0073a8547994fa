package dev.podpath.k8s.ingress.nginx.select;

import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.pcre.Pcre;
import io.vavr.Lazy;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Set;

/** A {@code location} block ({@code ngx_http_core_location}). */
public final class LocationBlock {
    private static final Set<String> PASSES =
            Set.of("proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass");

    private final Directive directive;
    private final Kind kind;
    private final String name;
    private final Option<LocationBlock> outer;
    private final Lazy<Either<String, Pcre>> regex;
    private final Lazy<LocationScope> inner;

    /** How a location is compared with a path. */
    public enum Kind {
        /** {@code =}: the whole path. */
        EXACT,
        /** The beginning of the path. */
        PREFIX,
        /** {@code ^~}: the beginning of the path, and then no regular expression is asked. */
        PREFIX_ONLY,
        /** {@code ~}: a regular expression. */
        REGEX,
        /** {@code ~*}: a regular expression in which case does not count. */
        REGEX_CASELESS,
        /** {@code @name}: reached only from inside. */
        NAMED
    }

    private LocationBlock(Directive directive, Kind kind, String name, Option<LocationBlock> outer) {
        this.outer = outer;
        this.directive = directive;
        this.kind = kind;
        this.name = name;
        this.regex = Lazy.of(() -> Pcre.compile(name, kind == Kind.REGEX_CASELESS));
        this.inner = Lazy.of(() -> LocationScope.of(directive.children(), Option.some(this)));
    }

    /** The location that a directive defines; empty where it has an unknown modifier. */
    static Option<LocationBlock> of(Directive directive, Option<LocationBlock> outer) {
        String first = directive.arg(0).getOrElse("");
        if (directive.args().size() == 2) {
            String second = directive.args().get(1);
            return switch (first) {
                case "=" -> some(directive, outer, Kind.EXACT, second);
                case "^~" -> some(directive, outer, Kind.PREFIX_ONLY, second);
                case "~" -> some(directive, outer, Kind.REGEX, second);
                case "~*" -> some(directive, outer, Kind.REGEX_CASELESS, second);
                default -> Option.none();
            };
        }
        if (directive.args().size() != 1) {
            return Option.none();
        }
        if (first.startsWith("=")) {
            return some(directive, outer, Kind.EXACT, first.substring(1));
        }
        if (first.startsWith("^~")) {
            return some(directive, outer, Kind.PREFIX_ONLY, first.substring(2));
        }
        if (first.startsWith("~*")) {
            return some(directive, outer, Kind.REGEX_CASELESS, first.substring(2));
        }
        if (first.startsWith("~")) {
            return some(directive, outer, Kind.REGEX, first.substring(1));
        }
        return some(directive, outer, first.startsWith("@") ? Kind.NAMED : Kind.PREFIX, first);
    }

    private static Option<LocationBlock> some(
            Directive directive, Option<LocationBlock> outer, Kind kind, String name) {
        return Option.some(new LocationBlock(directive, kind, name, outer));
    }

    /** The block. */
    public Directive directive() {
        return directive;
    }

    /** The location around it, where it is nested. */
    public Option<LocationBlock> outer() {
        return outer;
    }

    /** How it is compared. */
    public Kind kind() {
        return kind;
    }

    /** The path, prefix, expression or name it is compared with; one byte per character. */
    public String name() {
        return name;
    }

    /** Whether it is a regular expression. */
    public boolean isRegex() {
        return kind == Kind.REGEX || kind == Kind.REGEX_CASELESS;
    }

    /** Whether it hands requests to another server. */
    public boolean passes() {
        return directive.children().exists(child -> PASSES.contains(child.name()));
    }

    /** Whether clients cannot reach it: it or a location around it is {@code internal}. */
    public boolean isInternal() {
        for (Option<LocationBlock> at = Option.some(this);
                at.isDefined();
                at = at.get().outer()) {
            if (at.get().directive().last("internal").isDefined()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a path that only lacks the slash at the end is redirected to the location. */
    boolean redirectsToSlash() {
        return name.endsWith("/") && passes();
    }

    Either<String, Pcre> regex() {
        return regex.get();
    }

    /** The locations inside. */
    LocationScope inner() {
        return inner.get();
    }

    /** The location as the file has it, without its block. */
    @Override
    public String toString() {
        return "location " + directive.args().mkString(" ");
    }
}
