package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Handover;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Missing;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.k8s.ingress.nginx.select.ServerBlock;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The redirect of plain requests to HTTPS. */
final class HttpsStep {
    private final Ingresses ingresses;
    private final HopDraft draft;
    private final Walked walked;
    private final HttpRequest request;
    private final SslRedirect settings;

    HttpsStep(Ingresses ingresses, HopDraft draft, HttpConf conf, Walked walked, HttpRequest request) {
        this.ingresses = ingresses;
        this.draft = draft;
        this.walked = walked;
        this.request = request;
        this.settings = new SslRedirect(conf, walked);
    }

    /** The redirecting hop, or the unknown one where it depends on what is not known; empty where nothing redirects. */
    Option<Hop> hop() {
        Option<Evidence> forced = settings.on("force_ssl_redirect");
        Option<Evidence> wanted = settings.on("ssl_redirect");
        Option<Evidence> never = settings.on("force_no_ssl_redirect");
        if (forced.isEmpty() && wanted.isEmpty()) {
            return Option.none();
        }
        if (request.scheme().equals("https")) {
            draft.add(Decision.skipped("no redirect to HTTPS: the request came by HTTPS")
                    .with(forced.orElse(wanted)));
            return Option.none();
        }
        if (never.isDefined()) {
            draft.add(Decision.skipped("no redirect to HTTPS: force_no_ssl_redirect is on")
                    .with(never));
            return Option.none();
        }
        return forced.isDefined() ? redirect(forced.get(), Vector.empty()) : byCertificate(wanted.get());
    }

    /** {@code ssl_redirect} counts only for a host that has a certificate. */
    private Option<Hop> byCertificate(Evidence setting) {
        Option<Evidence> own = settings.ownCertificate();
        if (own.isDefined()) {
            return redirect(setting, own.toVector());
        }
        if (!ingresses.captured()) {
            Decision why = Decision.unknown(
                            "ssl_redirect is on, but whether " + request.host() + " has a certificate was not captured",
                            new Missing(
                                    "kubernetes/ingresses.json",
                                    "kubectl get ingresses -A -o json > kubernetes/ingresses.json"))
                    .with(Vector.of(setting));
            return Option.some(draft.unknown(why));
        }
        Option<Ingresses.Item> tls = ingresses.forHosts(hosts()).find(Ingresses.Item::hasTls);
        if (tls.isEmpty()) {
            draft.add(Decision.skipped(
                    "no redirect to HTTPS although ssl_redirect is on: no Ingress of " + request.host()
                            + " has a tls section, so the" + " host has no certificate",
                    setting));
            return Option.none();
        }
        return redirect(setting, Vector.of(tls.get().evidence()));
    }

    /** The host, the names of its server, and the wildcard of the host. */
    private Vector<String> hosts() {
        Vector<String> names = walked.server()
                .map(choice -> choice.server().names().map(ServerBlock.Name::text))
                .getOrElse(Vector.empty());
        int dot = request.host().indexOf('.');
        String wildcard = dot < 0 ? request.host() : "*" + request.host().substring(dot);
        return names.prepend(wildcard).prepend(request.host());
    }

    private Option<Hop> redirect(Evidence setting, Vector<Evidence> certificate) {
        Option<Handover> front =
                draft.at().flow().handover().filter(by -> by.told().scheme());
        if (settings.trustsForwardedScheme()
                && front.isDefined()
                && request.asked().equals("https")) {
            draft.add(Decision.skipped("no redirect to HTTPS: " + front.get().by()
                            + " tells that the client came by HTTPS (X-Forwarded-Proto)")
                    .with(front.get().evidence().prepend(setting)));
            return Option.none();
        }
        if (settings.trustsForwardedScheme() && front.isEmpty()) {
            return Option.some(draft.unknown(Decision.unknown(
                            "a plain request is redirected to HTTPS unless a proxy in front says X-Forwarded-Proto: https,"
                                    + " which is not known")
                    .with(certificate.prepend(setting))));
        }
        int code = settings.code().getOrElse(308);
        if (settings.code().isEmpty()) {
            draft.assume("http-redirect-code of the controller is its default, 308");
        }
        String path = request.path();
        boolean slash = settings.on("preserve_trailing_slash").isEmpty() && path.endsWith("/");
        String url = "https://" + request.host() + (slash ? path.substring(0, path.length() - 1) : path);
        draft.add(Decision.chose("a plain request is redirected to " + url + ": " + code)
                .with(certificate.prepend(setting)));
        if (request.asked().equals("https")) {
            draft.find(new Finding(
                    NginxFindings.REDIRECT_LOOP,
                    NginxFindings.REDIRECT_LOOP.severity(),
                    "the client came by HTTPS, which ended in front of "
                            + draft.pod().id() + "; it is redirected to " + url + ", where it was",
                    certificate.prepend(setting)));
        }
        return Option.some(draft.ends(Disposition.REDIRECTED, Option.some(code + " " + url)));
    }
}
