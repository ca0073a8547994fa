package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Missing;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.request.Access;
import dev.podpath.k8s.ingress.nginx.request.Fate;
import dev.podpath.k8s.ingress.nginx.request.HttpArrival;
import dev.podpath.k8s.ingress.nginx.request.RequestWalk;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.k8s.ingress.nginx.select.RequestUri;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** One request at one controller whose configuration is known. */
final class ControllerStep {
    private final Cluster cluster;
    private final Ingresses ingresses;
    private final Upstreams upstreams;
    private final HopDraft draft;
    private final HttpConf conf;
    private final String source;
    private final Option<Predictions.Predicted> meant;
    private final HttpRequest request;

    /**
     * A step.
     *
     * @param source {@code namespace/name} of the pod whose documents stand for the controller
     * @param meant what the Ingress objects say, to compare a captured configuration with
     */
    ControllerStep(
            Cluster cluster,
            Ingresses ingresses,
            Upstreams upstreams,
            HopDraft draft,
            HttpConf conf,
            String source,
            Option<Predictions.Predicted> meant) {
        this.meant = meant;
        this.cluster = cluster;
        this.ingresses = ingresses;
        this.upstreams = upstreams;
        this.draft = draft;
        this.conf = conf;
        this.source = source;
        this.request = draft.at().flow().http().get();
    }

    Hop hop() {
        AddressPort to = draft.at().address();
        Option<FrontStep> front = conf.listener(to).map(listener -> new FrontStep(cluster, draft, listener));
        if (front.isDefined()) {
            return front.get().disagreement().getOrElse(() -> at(to, front));
        }
        Passthrough passthrough = new Passthrough(ingresses, cluster);
        Option<Hop> hop = passthrough.hop(draft, request);
        return hop.getOrElse(() -> at(new AddressPort(to.address(), Controllers.BEHIND_PASSTHROUGH), Option.none()));
    }

    private Hop at(AddressPort to, Option<FrontStep> front) {
        Walked walked = RequestWalk.walk(conf, arrival(to));
        draft.addAll(walked.decisions());
        noteLimits(walked);
        front.forEach(step -> step.idle(walked));
        Option<Drift> drift = meant.flatMap(predicted -> Drift.of(draft, predicted, arrival(to), request));
        new Diagnoses(ingresses, draft, walked, request, drift).look();
        drift.forEach(found -> found.look(walked));
        Fate fate = walked.fate();
        if (fate instanceof Fate.Unclear unclear) {
            return draft.unknown(
                    Decision.unknown(unclear.why()).with(unclear.at().map(Directive::evidence)));
        }
        if (fate instanceof Fate.Answer answer) {
            return answered(walked, answer);
        }
        return served(walked, (Fate.Served) fate);
    }

    private HttpArrival arrival(AddressPort to) {
        String host = request.host().indexOf(':') >= 0 ? "[" + request.host() + "]" : request.host();
        return new HttpArrival(
                to,
                request.scheme().equals("https"),
                Option.some(RequestUri.bytes(host)),
                RequestUri.bytes(request.path()),
                draft.at().flow().source(),
                request.head());
    }

    private void noteLimits(Walked walked) {
        walked.absent().forEach(name -> draft.assume("the request carries no " + name));
        walked.missingIncludes()
                .appendAll(
                        conf.conf().missingIncludes().filter(line -> conf.http().contains(line)))
                .distinct()
                .reject(line -> line.arg(0).getOrElse("").endsWith("mime.types"))
                .forEach(line -> draft.limit("line " + line.line() + " of " + line.document() + " includes "
                        + line.arg(0).getOrElse("") + ", which was not captured"));
        for (String guard : Vector.of("auth_request", "auth_basic")) {
            walked.inForce(guard)
                    .filter(line -> !line.arg(0).contains("off"))
                    .forEach(line -> draft.assume(guard + " of " + draft.place(line) + " lets the request pass"));
        }
    }

    private Hop answered(Walked walked, Fate.Answer answer) {
        Vector<Evidence> evidence = answer.at().map(Directive::evidence).toVector();
        if (answer.location().isDefined()) {
            String url = absolute(walked, answer.location().get());
            draft.add(Decision.chose("nginx redirects to " + url + ": " + answer.status())
                    .with(evidence));
            return draft.ends(Disposition.REDIRECTED, Option.some(answer.status() + " " + url));
        }
        Option<Evidence> denied = answer.at().flatMap(ControllerStep::denialComment);
        boolean byReturn = answer.at().exists(line -> line.is("return"));
        boolean configured = byReturn && denied.isEmpty() && !isDefault(walked);
        if (byReturn) {
            draft.add(Decision.of(
                            configured ? Decision.Action.CHOSE : Decision.Action.DENIED,
                            "nginx answers " + answer.status() + " by itself"
                                    + denied.map(d -> ": " + d.excerpt()).getOrElse(""))
                    .with(evidence.appendAll(denied)));
        }
        return draft.ends(
                configured ? Disposition.FIXED_RESPONSE : Disposition.REJECTED,
                Option.some(Integer.toString(answer.status())));
    }

    /** The comment that the controller writes above the 503 of a location it refused to make. */
    private static Option<Evidence> denialComment(Directive line) {
        return Vector.rangeClosed(1, 4)
                .map(back -> line.line() - back)
                .filter(number -> number >= 1)
                .map(number -> line.document().line(number))
                .find(evidence -> evidence.excerpt().contains("Location denied"));
    }

    /** Whether the request ended where requests end that no Ingress wants. */
    private static boolean isDefault(Walked walked) {
        return walked.variable("proxy_upstream_name").contains("internal");
    }

    private String absolute(Walked walked, String location) {
        if (!location.startsWith("/")) {
            return RequestUri.text(location);
        }
        int port = draft.at().address().port();
        boolean usual = port == (request.scheme().equals("https") ? 443 : 80);
        boolean withPort = !usual
                && !walked.inForce("port_in_redirect")
                        .flatMap(line -> line.arg(0))
                        .contains("off");
        return request.scheme() + "://" + request.host() + (withPort ? ":" + port : "") + RequestUri.text(location);
    }

    private Hop served(Walked walked, Fate.Served served) {
        if (served.location().isEmpty()) {
            return draft.ends(Disposition.REJECTED, Option.some("404"));
        }
        Option<Hop> redirect = new HttpsStep(ingresses, draft, conf, walked, request).hop();
        if (redirect.isDefined()) {
            return redirect.get();
        }
        if (served.pass().isEmpty()) {
            Option<Hop> refused = access(walked);
            return refused.getOrElse(() -> {
                draft.add(Decision.chose("no directive of the location hands the request on: nginx serves it itself")
                        .with(served.location().map(block -> block.directive().evidence())));
                return draft.ends(Disposition.FIXED_RESPONSE, Option.some("served by nginx itself"));
            });
        }
        Directive pass = served.pass().get();
        Upstream.Lookup lookup = upstreams.find(draft.pod(), source, conf, walked, pass);
        UpstreamStep step = new UpstreamStep(cluster, conf, draft, walked, pass, request);
        Option<Hop> nobody = step.nobody(lookup);
        if (nobody.isDefined()) {
            return nobody.get();
        }
        // Rules for addresses come after the rewrite phase, in which the balancer answers 503 without endpoints.
        return access(walked).getOrElse(() -> step.hop(((Upstream.Lookup.Found) lookup).upstream()));
    }

    /** The end of a request that address rules stop or that they cannot be applied to. */
    private Option<Hop> access(Walked walked) {
        Vector<Directive> rules = walked.inForce("allow", "deny");
        if (rules.isEmpty()) {
            return Option.none();
        }
        Option<IpAddress> peer = draft.at().flow().source();
        RealClient real = new RealClient(walked, draft);
        boolean replaced = real.isReplaced();
        Option<IpAddress> seen = replaced ? real.told() : peer;
        Access access = Access.of(rules, seen);
        Option<Directive> decided = access instanceof Access.Allowed allowed
                ? Option.some(allowed.rule())
                : access instanceof Access.Denied denied ? Option.some(denied.rule()) : Option.none();
        peer.filter(address -> !replaced
                        && decided.isDefined()
                        && cluster.nodeAt(address).isDefined())
                .forEach(address -> draft.find(Finding.of(
                        NginxFindings.ADDRESS_RULE_SEES_NODE,
                        "the rule '" + decided.get().name() + " "
                                + decided.get().arg(0).getOrElse("") + "' decides about " + address
                                + ", which is a node's address",
                        decided.get().evidence())));
        String client = seen.map(address -> "client " + address).getOrElse("the client");
        if (access instanceof Access.Unclear unclear) {
            Decision why = Decision.unknown(
                            "whether " + client + " may pass is not known: "
                                    + (replaced
                                            ? "its address comes from a header or PROXY protocol"
                                            : "its address is not known"),
                            new Missing("the client's address", "trace with the client's address as source"))
                    .with(Vector.of(unclear.rule().evidence()));
            return Option.some(draft.unknown(why));
        }
        if (access instanceof Access.Denied denied) {
            draft.add(Decision.denied(client + " is refused: 403", denied.rule().evidence()));
            return Option.some(draft.ends(Disposition.REJECTED, Option.some("403")));
        }
        draft.add(Decision.allowed(
                        client + (decided.isDefined() ? " may pass" : " may pass: no allow or deny rule names it"))
                .with(decided.map(Directive::evidence).orElse(rules.headOption().map(Directive::evidence))));
        return Option.none();
    }
}
