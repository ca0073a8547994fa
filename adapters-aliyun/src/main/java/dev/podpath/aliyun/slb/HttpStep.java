package dev.podpath.aliyun.slb;

import dev.podpath.aliyun.response.Api;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Target;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** What an HTTP or HTTPS listener does with a request before it chooses a server. */
final class HttpStep {
    private final Slb slb;
    private final LoadBalancer lb;
    private final Listener listener;
    private final NetworkAddress at;
    private final HopDraft notes;

    HttpStep(Slb slb, LoadBalancer lb, Listener listener, NetworkAddress at, HopDraft notes) {
        this.slb = slb;
        this.lb = lb;
        this.listener = listener;
        this.at = at;
        this.notes = notes;
    }

    /** Ends the path where the listener itself answers. */
    Option<Resolution> check() {
        Option<HttpRequest> http = at.flow().http();
        boolean secure = listener.kind() == Listener.Kind.HTTPS;
        if (http.exists(request -> request.scheme().equals("https") != secure)) {
            String text = secure
                    ? "the listener expects TLS, and the request is plain HTTP: it is answered with 400"
                    : "the listener speaks plain HTTP, and the client begins TLS: the handshake fails";
            return Option.some(notes.ends(
                    Disposition.REJECTED,
                    Decision.denied(text, listener.evidence("ListenerPort", "Description")),
                    Target.builder()
                            .answer(secure ? Option.some("400") : Option.none())
                            .build()));
        }
        return listener.isOn("ListenerForward") ? Option.some(redirect(http)) : Option.none();
    }

    private Resolution redirect(Option<HttpRequest> http) {
        int port = listener.integer("ForwardPort").getOrElse(443);
        String code = listener.text("ForwardCode").map(c -> c + " ").getOrElse("");
        String url = "https://" + http.map(HttpRequest::host).getOrElse("HOST") + (port == 443 ? "" : ":" + port)
                + http.map(HttpRequest::path).getOrElse("/");
        return notes.ends(
                Disposition.REDIRECTED,
                Decision.denied(
                        "the listener redirects to " + url,
                        listener.evidence("ListenerForward", "ForwardPort", "ForwardCode")),
                Target.builder().answer(Option.some(code + url)).build());
    }

    /** The rule that takes the request, none for the listener's own group; or why it cannot be told. */
    Either<Decision, Option<Json>> rule() {
        Option<Vector<Json>> known = slb.rules(listener);
        if (known.isEmpty()) {
            int port = listener.port();
            return Either.left(Decision.unknown(
                    "the forwarding rules of the " + listener + " were not captured",
                    slb.responses()
                            .missing(
                                    Api.RULES,
                                    Option.some(lb.region()),
                                    lb.id() + "." + port,
                                    "--LoadBalancerId " + lb.id() + " --ListenerPort " + port + " --ListenerProtocol "
                                            + listener.kind().lower())));
        }
        Vector<Json> rules = known.get();
        if (rules.isEmpty()) {
            return Either.right(Option.none());
        }
        if (at.flow().http().isEmpty()) {
            return Either.left(Decision.unknown(
                    "the listener chooses by host and path, and the request names none; ask with a URL"));
        }
        HttpRequest request = at.flow().http().get();
        ForwardingRules.Match match = new ForwardingRules(rules).match(request);
        if (match.domainOnly()) {
            return Either.left(Decision.unknown("rules of the " + listener + " name the host " + request.host()
                    + " but none of them the path " + request.path()
                    + "; what the load balancer then does was not established"));
        }
        match.rule()
                .forEach(rule -> notes.add(Decision.chose(
                        "the forwarding rule for " + request.host() + request.path(),
                        rule.evidence("RuleId", "RuleName", "Domain", "Url", "VServerGroupId"))));
        if (match.rule().isEmpty()) {
            notes.add(Decision.skipped("none of " + rules.size() + " forwarding rules matches " + request
                    + ": the listener's own server group is used"));
        }
        return Either.right(match.rule());
    }
}
