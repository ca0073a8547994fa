package dev.podpath.k8s.ingress.nginx.request;

import dev.podpath.core.trace.Decision;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.pcre.RegexBudget;
import dev.podpath.k8s.ingress.nginx.select.HostName;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.k8s.ingress.nginx.select.Listener;
import dev.podpath.k8s.ingress.nginx.select.LocationBlock;
import dev.podpath.k8s.ingress.nginx.select.LocationChoice;
import dev.podpath.k8s.ingress.nginx.select.RequestUri;
import dev.podpath.k8s.ingress.nginx.select.ServerBlock;
import dev.podpath.k8s.ingress.nginx.select.ServerChoice;
import dev.podpath.k8s.ingress.nginx.select.Undecided;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a request through nginx's phases up to the content ({@code src/http/ngx_http_core_module.c}): socket, server by TLS name and
 * {@code Host}, path, rewriting of the server, location, rewriting of the location.
 */
public final class RequestWalk {
    /** {@code NGX_HTTP_MAX_URI_CHANGES}. */
    private static final int MAX_URI_CHANGES = 10;

    private final HttpConf conf;
    private final HttpArrival arrival;
    private final RegexBudget budget = RegexBudget.standard();
    private final Variables variables;
    private final List<Decision> decisions = new ArrayList<>();
    private Option<Listener> listener = Option.none();
    private Option<ServerChoice> server = Option.none();
    private Option<LocationBlock> location = Option.none();
    private boolean rewritten;
    private boolean leftLocation;

    private RequestWalk(HttpConf conf, HttpArrival arrival) {
        this.conf = conf;
        this.arrival = arrival;
        this.variables = new Variables(conf, arrival, budget);
    }

    /** Takes the request as far as the configuration tells. Total. */
    public static Walked walk(HttpConf conf, HttpArrival arrival) {
        RequestWalk walk = new RequestWalk(conf, arrival);
        return new Walked(walk, walk.run());
    }

    HttpConf conf() {
        return conf;
    }

    Vector<Decision> decisions() {
        return Vector.ofAll(decisions);
    }

    Option<Listener> listener() {
        return listener;
    }

    Option<ServerChoice> server() {
        return server;
    }

    Option<LocationBlock> location() {
        return location;
    }

    Variables variables() {
        return variables;
    }

    /** What {@code proxy_pass} sends on as the target. */
    String upstreamTarget(Directive pass) {
        return UpstreamUri.of(
                arrival.target(), variables.uri(), rewritten, leftLocation ? Option.none() : location, pass);
    }

    private Fate run() {
        listener = conf.listener(arrival.to());
        if (listener.isEmpty()) {
            return new Fate.Unclear("nothing in the configuration listens on " + arrival.to(), Option.none());
        }
        Listener socket = listener.get();
        decisions.add(Decision.found(
                "the connection to " + arrival.to() + " is taken by the socket " + socket.label(),
                socket.directive().evidence()));
        if (socket.isTls() != arrival.tls()) {
            String text = arrival.tls()
                    ? "a TLS connection comes to a socket without ssl"
                    : "a plain HTTP request comes to a socket with ssl";
            decisions.add(Decision.denied(text + ": 400", socket.directive().evidence()));
            return refuse();
        }
        return atSocket(socket);
    }

    /** The path is read with the settings of the server that the TLS name chose, before the {@code Host} header is. */
    private Fate atSocket(Listener socket) {
        Option<String> host = arrival.host().flatMap(HostName::of);
        Either<Undecided, ServerChoice> byTls = arrival.tls() && host.isDefined()
                ? socket.server(host.get(), budget)
                : Either.right(socket.defaultServer());
        if (byTls.isLeft()) {
            return unclear(byTls.getLeft());
        }
        boolean merge = byTls.get().server().mergesSlashes();
        Option<RequestUri> uri = RequestUri.normalise(arrival.target(), merge);
        if (uri.isEmpty() || arrival.host().isDefined() && host.isEmpty()) {
            String what = uri.isEmpty() ? "the path is malformed" : "the Host header is malformed";
            decisions.add(Decision.denied(what + ": 400"));
            return refuse();
        }
        Either<Undecided, ServerChoice> byHost = socket.server(host.getOrElse(""), budget);
        if (byHost.isLeft()) {
            return unclear(byHost.getLeft());
        }
        ServerChoice choice = byHost.get();
        server = Option.some(choice);
        choice.regex().forEach(variables::capture);
        variables.setHost(host.getOrElse(choice.server().serverName()));
        variables.set("server_name", Value.of(choice.server().serverName()));
        variables.setUri(uri.get());
        decisions.add(Decision.chose(
                "server " + choice.server().label() + ": " + choice.how().words()
                        + (choice.name().isEmpty() ? "" : " " + choice.name()),
                choice.directive().evidence(),
                choice.server().directive().evidence()));
        return inServer(choice.server());
    }

    private Fate inServer(ServerBlock block) {
        RewriteRules rules = new RewriteRules(variables);
        Option<Fate> settled = rules.run(block.directive().children());
        decisions.addAll(rules.decisions().asJava());
        rewritten = rules.rewritten();
        if (settled.isDefined()) {
            return settled.get();
        }
        for (int changes = 0; changes <= MAX_URI_CHANGES; changes++) {
            Either<Undecided, LocationChoice> found =
                    block.locations().find(variables.uri().path(), budget);
            if (found.isLeft()) {
                return unclear(found.getLeft());
            }
            Option<Fate> fate = inLocation(found.get());
            if (fate.isDefined()) {
                return fate.get();
            }
        }
        decisions.add(Decision.denied("the path was rewritten more than " + MAX_URI_CHANGES + " times: 500"));
        return new Fate.Answer(500, Option.none(), "", Option.none());
    }

    /** What the location does; nothing where it changed the path, so that another location must be sought. */
    private Option<Fate> inLocation(LocationChoice choice) {
        location = choice.location();
        if (location.isEmpty()) {
            decisions.add(Decision.notFound(
                    "no location for " + path(),
                    server.get().server().directive().evidence()));
            return Option.some(new Fate.Served(Option.none(), Option.none()));
        }
        LocationBlock block = location.get();
        choice.regex().forEach(variables::capture);
        explain(choice, block);
        if (!rewritten && block.isInternal()) {
            decisions.add(Decision.denied(
                    "the location is internal: 404", block.directive().evidence()));
            return Option.some(new Fate.Answer(404, Option.none(), "", Option.some(block.directive())));
        }
        if (choice.isSlashRedirect()) {
            String query = variables.uri().args().isEmpty()
                    ? ""
                    : "?" + variables.uri().args();
            return Option.some(
                    new Fate.Answer(301, Option.some(block.name() + query), "", Option.some(block.directive())));
        }
        RewriteRules rules = new RewriteRules(variables);
        Option<Fate> settled = rules.run(block.directive().children());
        decisions.addAll(rules.decisions().asJava());
        rewritten |= rules.rewritten();
        leftLocation = rules.leftLocation();
        if (settled.isDefined() || rules.uriChanged()) {
            return settled;
        }
        Option<Directive> pass = rules.pass()
                .orElse(() -> block.directive()
                        .children()
                        .findLast(line -> line.name().endsWith("_pass")));
        return Option.some(new Fate.Served(location, pass));
    }

    private void explain(LocationChoice choice, LocationBlock block) {
        decisions.add(Decision.chose(
                block + " for " + path() + ": " + choice.how().words(),
                block.directive().evidence()));
        choice.remembered()
                .filter(other -> choice.how() == LocationChoice.How.REGEX)
                .forEach(other -> decisions.add(Decision.skipped(
                        other + " is the longest prefix, but a regular expression comes before it",
                        other.directive().evidence())));
    }

    private String path() {
        return RequestUri.text(variables.uri().path());
    }

    private static Fate refuse() {
        return new Fate.Answer(400, Option.none(), "", Option.none());
    }

    private static Fate unclear(Undecided undecided) {
        return new Fate.Unclear(undecided.why(), Option.some(undecided.at()));
    }
}
