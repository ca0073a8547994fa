package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Handover;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.Listener;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Whether nginx and what is in front of it agree about the connection: whether a PROXY protocol header comes first
 * ({@code ngx_http_wait_request_handler} and {@code ngx_proxy_protocol_read} of nginx: a socket that expects one closes a
 * connection without it, one that expects none takes it for a request line or a TLS record), and who gives an idle
 * connection up first.
 */
final class FrontStep {
    private final Cluster cluster;
    private final HopDraft draft;
    private final Listener listener;
    private final Option<Handover> front;

    FrontStep(Cluster cluster, HopDraft draft, Listener listener) {
        this.cluster = cluster;
        this.draft = draft;
        this.listener = listener;
        this.front = draft.at().flow().handover();
    }

    /** The end of a connection whose sides do not agree about the PROXY protocol; empty where they do. */
    Option<Hop> disagreement() {
        boolean expected = listener.expectsProxyProtocol();
        Option<Boolean> sent = sent();
        if (sent.isEmpty()) {
            if (expected) {
                draft.assume("the connection begins with a PROXY protocol header, as the listen directive expects");
            }
            return Option.none();
        }
        Vector<Evidence> evidence = front.map(Handover::evidence)
                .getOrElse(Vector.empty())
                .prepend(listener.directive().evidence());
        if (sent.get() == expected) {
            if (expected) {
                draft.add(Decision.found(
                                "the connection begins with a PROXY protocol header, as the listen directive expects")
                        .with(evidence));
            }
            return Option.none();
        }
        String by = front.map(Handover::by).getOrElse("the client, a pod that no load balancer is in front of,");
        String text = expected
                ? by + " sends no PROXY protocol header, which the socket " + listener.label()
                        + " expects: nginx closes the connection"
                : by + " sends a PROXY protocol header, which the socket " + listener.label() + " does not expect: "
                        + (listener.isTls() ? "the TLS handshake fails" : "nginx answers 400");
        draft.add(Decision.denied(text).with(evidence));
        draft.find(new Finding(NginxFindings.PROXY_PROTOCOL, NginxFindings.PROXY_PROTOCOL.severity(), text, evidence));
        boolean answered = !expected && !listener.isTls();
        return Option.some(draft.ends(Disposition.REJECTED, Option.when(answered, "400")));
    }

    /** Whether a header comes first: a load balancer says so, and a pod that connects by itself sends none. */
    private Option<Boolean> sent() {
        boolean ownPod = draft.at()
                .flow()
                .source()
                .exists(source -> cluster.podWithOwnAddress(source).isDefined());
        return front.map(Handover::proxyProtocol).orElse(Option.when(ownPod, false));
    }

    /** Tells where one side still takes an idle connection for open that the other has given up. */
    void idle(Walked walked) {
        Option<Integer> theirs = front.flatMap(Handover::idleSeconds);
        Option<Directive> setting = walked.inForce("keepalive_timeout");
        Option<Long> own = setting.isEmpty()
                ? Option.some(KeepAlive.DEFAULT_SECONDS)
                : setting.flatMap(line -> line.arg(0)).flatMap(KeepAlive::seconds);
        if (theirs.isEmpty() || own.isEmpty() || own.get() == 0) {
            return;
        }
        Handover by = front.get();
        boolean relayed = by.kind() == Handover.Kind.RELAYED;
        boolean late = relayed ? own.get() > theirs.get() : own.get() <= theirs.get();
        if (late) {
            String text = relayed
                    ? by.by() + " forgets a connection after " + theirs.get() + " s without data and tells nobody, and"
                            + " nginx keeps it for " + own.get() + " s"
                    : by.by() + " keeps an idle connection for further requests for " + theirs.get()
                            + " s, and nginx closes it after " + own.get()
                            + " s: a request sent at that moment is lost";
            draft.find(new Finding(
                    NginxFindings.IDLE_TIMEOUTS,
                    NginxFindings.IDLE_TIMEOUTS.severity(),
                    text,
                    setting.map(Directive::evidence).toVector().appendAll(by.evidence())));
        }
    }
}
