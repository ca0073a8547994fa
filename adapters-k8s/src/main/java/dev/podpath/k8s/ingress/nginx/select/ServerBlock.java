package dev.podpath.k8s.ingress.nginx.select;

import dev.podpath.k8s.ingress.nginx.conf.Directive;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** A {@code server} block. */
public final class ServerBlock {
    private final Directive directive;
    private final Vector<Name> names;
    private final boolean mergeSlashes;
    private final Lazy<LocationScope> locations;

    ServerBlock(Directive directive, boolean mergeByDefault) {
        this.directive = directive;
        this.names = directive.all("server_name").flatMap(line -> line.args().map(arg -> new Name(arg, line)));
        this.mergeSlashes = directive
                .last("merge_slashes")
                .flatMap(line -> line.arg(0))
                .map(value -> value.equals("on"))
                .getOrElse(mergeByDefault);
        this.locations = Lazy.of(() -> LocationScope.of(directive.children(), Option.none()));
    }

    /**
     * A name of the server.
     *
     * @param text as written
     * @param directive the {@code server_name} it stands in
     */
    public record Name(String text, Directive directive) {}

    /** The block. */
    public Directive directive() {
        return directive;
    }

    /** Its names as written; a server without names has the empty one. */
    public Vector<Name> names() {
        return names.isEmpty() ? Vector.of(new Name("", directive)) : names;
    }

    /** What {@code $server_name} is: the first name in lower case without a dot at its beginning. */
    public String serverName() {
        String first = names().head().text();
        if (first.startsWith("~")) {
            return first;
        }
        return HostName.lower(first.startsWith(".") ? first.substring(1) : first);
    }

    /** Its first name, for people. */
    public String label() {
        return names.headOption().map(Name::text).getOrElse("(no name)");
    }

    /** Whether repeated slashes of a path are merged. */
    public boolean mergesSlashes() {
        return mergeSlashes;
    }

    /** Its locations. */
    public LocationScope locations() {
        return locations.get();
    }

    /** What the block listens on; a block without {@code listen} listens on port 80. */
    Vector<Listen> listens() {
        Vector<Directive> lines = directive.all("listen");
        return lines.isEmpty() ? Vector.of(new Listen(Option.none(), false, 80, directive)) : lines.flatMap(Listen::of);
    }

    @Override
    public String toString() {
        return "server " + label() + " (line " + directive.line() + ")";
    }
}
