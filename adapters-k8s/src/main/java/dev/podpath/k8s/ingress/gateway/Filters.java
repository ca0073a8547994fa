package dev.podpath.k8s.ingress.gateway;

import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.trace.Decision;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What the filters of a rule do to a request.
 *
 * @param request the request as it is sent on
 * @param redirect status and place, where a filter redirects
 * @param decisions what was done
 * @param limits filters that are not followed
 */
record Filters(HttpRequest request, Option<String> redirect, Vector<Decision> decisions, Vector<String> limits) {
    /**
     * Applies filters in order.
     *
     * @param match the match that won, whose prefix may be replaced
     * @param port the port of the listener
     */
    static Filters apply(Vector<Json> filters, RouteMatch match, HttpRequest request, int port) {
        Filters state = new Filters(request, Option.none(), Vector.empty(), Vector.empty());
        for (Json filter : filters) {
            state = state.then(filter, match, port);
        }
        return state;
    }

    private Filters then(Json filter, RouteMatch match, int port) {
        String type = filter.textOr("", "type");
        return switch (type) {
            case "RequestRedirect" -> redirected(filter.at("requestRedirect"), match, port);
            case "URLRewrite" -> rewritten(filter.at("urlRewrite"), match);
            case "RequestHeaderModifier", "ResponseHeaderModifier" ->
                noted(Decision.found("a filter changes headers (" + type + ")", filter.evidence()));
            case "RequestMirror" ->
                noted(Decision.found(
                        "a copy of the request goes to service "
                                + filter.at("requestMirror", "backendRef").textOr("", "name")
                                + ", whose answer nobody waits for",
                        filter.evidence()));
            default -> new Filters(request, redirect, decisions, limits.append("filter " + type + " is not followed"));
        };
    }

    private Filters noted(Decision decision) {
        return new Filters(request, redirect, decisions.append(decision), limits);
    }

    private Filters redirected(Json spec, RouteMatch match, int port) {
        String scheme = spec.textOr(request.scheme(), "scheme");
        String host = spec.textOr(request.host(), "hostname");
        Option<Integer> given = spec.integer("port");
        boolean changed = spec.text("scheme").isDefined();
        int usual = scheme.equals("https") ? 443 : 80;
        int to = given.getOrElse(changed ? usual : port);
        String where = scheme + "://" + host + (to == usual ? "" : ":" + to) + path(spec.at("path"), match);
        String answer = spec.integer("statusCode").getOrElse(302) + " " + where;
        return new Filters(
                request,
                Option.some(answer),
                decisions.append(Decision.chose("a filter redirects to " + where, spec.evidence())),
                limits);
    }

    private Filters rewritten(Json spec, RouteMatch match) {
        HttpRequest after = request.to(spec.textOr(request.host(), "hostname"), path(spec.at("path"), match));
        return new Filters(
                after,
                redirect,
                decisions.append(Decision.of(
                        Decision.Action.TRANSLATED,
                        "a filter makes " + after.host() + after.path() + " of " + request.host() + request.path(),
                        spec.evidence())),
                limits);
    }

    private String path(Json spec, RouteMatch match) {
        int mark = request.path().indexOf('?');
        String old = mark < 0 ? request.path() : request.path().substring(0, mark);
        String query = mark < 0 ? "" : request.path().substring(mark);
        return switch (spec.textOr("", "type")) {
            case "ReplaceFullPath" -> spec.textOr("/", "replaceFullPath") + query;
            case "ReplacePrefixMatch" -> replaced(spec.textOr("/", "replacePrefixMatch"), match, old) + query;
            default -> request.path();
        };
    }

    /** A slash at the end of prefix or replacement does not count: {@code /foo/} and {@code /foo} are one prefix. */
    private static String replaced(String with, RouteMatch match, String old) {
        String prefix = match.path().endsWith("/")
                ? match.path().substring(0, match.path().length() - 1)
                : match.path();
        String rest = old.startsWith(prefix) ? old.substring(prefix.length()) : "";
        String base = with.endsWith("/") && rest.startsWith("/") ? with.substring(0, with.length() - 1) : with;
        String path = base + rest;
        return path.startsWith("/") ? path : "/" + path;
    }
}
