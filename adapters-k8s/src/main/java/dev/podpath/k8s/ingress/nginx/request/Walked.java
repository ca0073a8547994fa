package dev.podpath.k8s.ingress.nginx.request;

import dev.podpath.core.trace.Decision;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.select.Listener;
import dev.podpath.k8s.ingress.nginx.select.LocationBlock;
import dev.podpath.k8s.ingress.nginx.select.RequestUri;
import dev.podpath.k8s.ingress.nginx.select.ServerBlock;
import dev.podpath.k8s.ingress.nginx.select.ServerChoice;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** What nginx did with a request up to its content, or up to the answer it gave before. */
public final class Walked {
    private final RequestWalk walk;
    private final Fate fate;

    Walked(RequestWalk walk, Fate fate) {
        this.walk = walk;
        this.fate = fate;
    }

    /** What becomes of the request. */
    public Fate fate() {
        return fate;
    }

    /** What was decided, in order. */
    public Vector<Decision> decisions() {
        return walk.decisions();
    }

    /** The socket that took the connection. */
    public Option<Listener> listener() {
        return walk.listener();
    }

    /** The server that was chosen. */
    public Option<ServerChoice> server() {
        return walk.server();
    }

    /** The location that was chosen last. */
    public Option<LocationBlock> location() {
        return walk.location();
    }

    /** Path and query as rewritten. */
    public RequestUri uri() {
        return walk.variables().uri();
    }

    /** Path and query that this {@code proxy_pass} sends to the upstream server. */
    public String upstreamTarget(Directive pass) {
        return walk.upstreamTarget(pass);
    }

    /** The value of a variable without {@code $}; empty where it is not known. */
    public Option<String> variable(String name) {
        Value value = walk.variables().get(name);
        return value.isKnown() ? Option.some(value.text()) : Option.none();
    }

    /** The directive that set a variable last, in the location or the blocks around it. */
    public Option<Directive> setter(String name) {
        return scopes().flatMap(lines ->
                        lines.findLast(line -> line.is("set") && line.arg(0).contains("$" + name)))
                .headOption();
    }

    /** Text with variables, evaluated; empty where it is not known. */
    public Option<String> text(String template) {
        Value value = walk.variables().text(template);
        return value.isKnown() ? Option.some(value.text()) : Option.none();
    }

    /** The directive of this name that is in force: the innermost block that has one decides. */
    public Option<Directive> inForce(String name) {
        return scopes().flatMap(lines -> lines.findLast(line -> line.is(name))).headOption();
    }

    /** The directives of these names of the innermost block that has any. */
    public Vector<Directive> inForce(String first, String second) {
        return scopes().map(lines -> lines.filter(line -> line.is(first) || line.is(second)))
                .find(lines -> !lines.isEmpty())
                .getOrElse(Vector.empty());
    }

    /** Directives of the blocks around the request that include files which were not captured. */
    public Vector<Directive> missingIncludes() {
        return scopes().init().flatMap(lines -> lines.filter(Directive::isMissingInclude));
    }

    /** Headers and cookies that were taken for not sent. */
    public Vector<String> absent() {
        return walk.variables().absent();
    }

    /** The directives of the location, the locations around it, the server and {@code http}, innermost first. */
    private Vector<Vector<Directive>> scopes() {
        Vector<Vector<Directive>> scopes = Vector.empty();
        for (Option<LocationBlock> at = walk.location();
                at.isDefined();
                at = at.get().outer()) {
            scopes = scopes.append(at.get().directive().children());
        }
        return scopes.appendAll(walk.server()
                        .map(ServerChoice::server)
                        .map(ServerBlock::directive)
                        .map(Directive::children))
                .append(walk.conf().http());
    }
}
