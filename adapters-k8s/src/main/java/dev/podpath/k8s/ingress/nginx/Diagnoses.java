package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.predict.Prediction;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.LocationBlock;
import dev.podpath.k8s.ingress.nginx.select.ServerMatch;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** What the chosen server and location tell about the Ingress behind them. */
final class Diagnoses {
    private static final Vector<String> LABELS =
            Vector.of("namespace", "ingress_name", "service_name", "service_port", "proxy_upstream_name");

    private final Ingresses ingresses;
    private final HopDraft draft;
    private final Walked walked;
    private final HttpRequest request;
    private final Option<Drift> drift;

    Diagnoses(Ingresses ingresses, HopDraft draft, Walked walked, HttpRequest request, Option<Drift> drift) {
        this.drift = drift;
        this.ingresses = ingresses;
        this.draft = draft;
        this.walked = walked;
        this.request = request;
    }

    void look() {
        ignoredIngress();
        labels();
        forcedRegex();
    }

    private void ignoredIngress() {
        boolean byDefault = walked.server()
                .exists(choice ->
                        choice.how() == ServerMatch.DEFAULT_SERVER || choice.how() == ServerMatch.FIRST_SERVER);
        if (!byDefault) {
            return;
        }
        Option<Prediction.Unserved> why = drift.flatMap(Drift::ignored);
        if (drift.exists(Drift::servesHost)) {
            // The objects make a server of it, so the controller did not leave it out: that is another diagnosis.
            return;
        }
        ingresses
                .forHosts(Vector.of(request.host()))
                .headOption()
                .forEach(item -> draft.find(new Finding(
                        NginxFindings.IGNORED_INGRESS,
                        NginxFindings.IGNORED_INGRESS.severity(),
                        "Ingress " + why.map(Prediction.Unserved::ingress).getOrElse(item.id()) + " ("
                                + item.className().map(name -> "class " + name).getOrElse("no class") + ") names "
                                + request.host() + ", but the controller "
                                + draft.pod().id() + " has no server for it"
                                + why.map(known -> ": " + known.why()).getOrElse(""),
                        why.map(Prediction.Unserved::evidence).getOrElse(Vector.of(item.evidence())))));
    }

    /** The names that the controller writes into the location for logs and metrics, and the upstream that counts. */
    private void labels() {
        Option<String> upstream = value("proxy_upstream_name");
        Vector<Evidence> evidence = LABELS.flatMap(walked::setter).map(Directive::evidence);
        if (upstream.isEmpty() || walked.setter("service_name").isEmpty()) {
            return;
        }
        String ingress =
                value("namespace").getOrElse("") + "/" + value("ingress_name").getOrElse("");
        String service = value("service_name").getOrElse("") + ":"
                + value("service_port").getOrElse("");
        boolean named = !ingress.equals("/");
        draft.add(Decision.found((named
                                ? "the location belongs to Ingress " + ingress + ", service " + service
                                : "the location belongs to no Ingress")
                        + "; its upstream is " + upstream.get())
                .with(evidence));
        String expected =
                value("namespace").getOrElse("") + "-" + value("service_name").getOrElse("") + "-"
                        + value("service_port").getOrElse("");
        boolean byDefault = upstream.get().equals("upstream-default-backend")
                || upstream.get().startsWith("custom-default-backend-");
        if (named && !byDefault && !upstream.get().equals(expected)) {
            draft.find(new Finding(
                    NginxFindings.WRONG_LABELS,
                    NginxFindings.WRONG_LABELS.severity(),
                    "the labels name service " + service + ", the upstream is " + upstream.get(),
                    evidence));
        }
    }

    private void forcedRegex() {
        boolean caseless = walked.location().exists(block -> block.kind() == LocationBlock.Kind.REGEX_CASELESS);
        Option<Ingresses.Item> item = ingresses.item(
                value("namespace").getOrElse("") + "/" + value("ingress_name").getOrElse(""));
        if (!caseless || item.isEmpty()) {
            return;
        }
        boolean asked = item.get().annotation("use-regex").contains("true")
                || item.get().annotation("rewrite-target").isDefined();
        if (!asked) {
            Vector<String> others = ingresses
                    .forHosts(item.get().hosts())
                    .filter(other -> other.annotation("use-regex").contains("true")
                            || other.annotation("rewrite-target").isDefined())
                    .map(Ingresses.Item::id);
            draft.find(Finding.of(
                    NginxFindings.FORCED_REGEX,
                    "the paths of Ingress " + item.get().id() + " are matched as case-insensitive expressions"
                            + (others.isEmpty() ? "" : " because of Ingress " + others.mkString(", ")),
                    walked.location().get().directive().evidence()));
        }
    }

    private Option<String> value(String variable) {
        return walked.setter(variable).flatMap(line -> walked.variable(variable));
    }
}
