package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.predict.Prediction;
import dev.podpath.k8s.ingress.nginx.request.Fate;
import dev.podpath.k8s.ingress.nginx.request.HttpArrival;
import dev.podpath.k8s.ingress.nginx.request.RequestWalk;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.RequestUri;
import dev.podpath.k8s.ingress.nginx.select.ServerMatch;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Whether the controller's configuration does with a request what its Ingress objects say. */
final class Drift {
    private final HopDraft draft;
    private final Prediction prediction;
    private final Walked meant;
    private final HttpRequest request;

    private Drift(HopDraft draft, Prediction prediction, Walked meant, HttpRequest request) {
        this.draft = draft;
        this.prediction = prediction;
        this.meant = meant;
        this.request = request;
    }

    /** What the objects say to a request; empty where they say nothing certain. */
    static Option<Drift> of(HopDraft draft, Predictions.Predicted predicted, HttpArrival arrival, HttpRequest request) {
        boolean uncertain = predicted.conf().isLeft()
                || !predicted.prediction().refused().isEmpty()
                || !predicted.prediction().snippets(request.host()).isEmpty();
        if (uncertain) {
            return Option.none();
        }
        Walked meant = RequestWalk.walk(predicted.conf().get(), arrival);
        return meant.fate() instanceof Fate.Unclear
                ? Option.none()
                : Option.some(new Drift(draft, predicted.prediction(), meant, request));
    }

    /** Says in what the configuration differs; the captured one is what decides. */
    void look(Walked actual) {
        overruled(draft, prediction);
        Option<String> is = outcome(actual);
        Option<String> should = outcome(meant);
        if (is.isEmpty() || should.isEmpty() || is.equals(should)) {
            return;
        }
        Vector<Evidence> meantBy = at(meant).flatMap(prediction.sources()::of).distinct();
        if (isByDefault(actual) && meantBy.isEmpty()) {
            return;
        }
        draft.add(Decision.skipped("by the Ingress objects the controller would choose " + should.get() + " for "
                        + request.host() + RequestUri.text(actual.uri().path()))
                .with(meantBy));
        draft.find(new Finding(
                NginxFindings.NOT_IN_FORCE,
                NginxFindings.NOT_IN_FORCE.severity(),
                "the configuration of " + draft.pod().id() + " chooses " + is.get() + ", the Ingress objects mean "
                        + should.get(),
                at(actual).appendAll(meantBy)));
    }

    /** Says which Ingresses lose the request's path to an older one. */
    static void overruled(HopDraft draft, Prediction prediction) {
        HttpRequest request = draft.at().flow().http().get();
        prediction
                .overruled(request.host(), request.path())
                .forEach(each -> draft.find(new Finding(
                        NginxFindings.OVERRULED_PATH,
                        NginxFindings.OVERRULED_PATH.severity(),
                        "Ingress " + each.ingress() + " is not served for " + request.host() + ": " + each.why(),
                        each.evidence())));
    }

    /** Why the host's Ingress is not served, where the objects say it. */
    Option<Prediction.Unserved> ignored() {
        return prediction.ignored(request.host()).headOption();
    }

    /** Whether the objects have a server for the host. */
    boolean servesHost() {
        return !isByDefault(meant);
    }

    private static boolean isByDefault(Walked walked) {
        return walked.server()
                .exists(choice ->
                        choice.how() == ServerMatch.DEFAULT_SERVER || choice.how() == ServerMatch.FIRST_SERVER);
    }

    private static Vector<Evidence> at(Walked walked) {
        return walked.setter("proxy_upstream_name")
                .map(Directive::evidence)
                .toVector()
                .appendAll(walked.location().map(block -> block.directive().evidence()))
                .distinct();
    }

    /** What becomes of the request, in words that can be compared; empty where it does not end in one way. */
    private static Option<String> outcome(Walked walked) {
        if (walked.fate() instanceof Fate.Answer answer) {
            return Option.some("the answer " + answer.status()
                    + answer.location().map(to -> " to " + RequestUri.text(to)).getOrElse(""));
        }
        if (walked.fate() instanceof Fate.Served served && served.pass().isDefined()) {
            return walked.variable("proxy_upstream_name").map(name -> "upstream " + name);
        }
        return Option.none();
    }
}
