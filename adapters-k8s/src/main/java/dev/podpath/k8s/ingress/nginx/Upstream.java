package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.location.RequestHead;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.k8s.ingress.nginx.request.SentVariables;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Where a controller balances to.
 *
 * @param name upstream name
 * @param peers the addresses, each once
 * @param service the service port behind it, where it is known
 * @param unevenBy why the shares are not defined; empty where the peers get turns by their weight
 * @param toClusterIp whether the one address is the service's virtual one
 * @param evidence what says so
 * @param assumptions what was taken for granted
 * @param canary the upstream that takes some requests instead
 */
record Upstream(
        String name,
        Vector<Peer> peers,
        Option<ServicePortRef> service,
        Option<String> unevenBy,
        boolean toClusterIp,
        Vector<Evidence> evidence,
        Vector<String> assumptions,
        Option<Canary> canary) {

    /**
     * An upstream that takes some requests.
     *
     * @param upstream the upstream
     * @param policy its traffic shaping policy
     */
    record Canary(Upstream upstream, Json policy) {
        /** Requests of {@link #total()} that come here by chance. */
        int weight() {
            return Math.max(0, Math.min(total(), policy.integer("weight").getOrElse(0)));
        }

        /** 100, or what the policy says above that. */
        int total() {
            return Math.max(100, policy.integer("weightTotal").getOrElse(100));
        }

        /** The part of the requests with this head that comes here. */
        Share share(RequestHead head) {
            return choice(head).share().getOrElse(() -> Share.of(weight(), total()));
        }

        /** The part of them that does not. */
        Share rest(RequestHead head) {
            return choice(head).rest().getOrElse(() -> Share.of(total() - weight(), total()));
        }

        /** What in a request makes it come here, beside chance. */
        Option<String> trigger() {
            Option<String> header = some("header").map(name -> {
                String value = some("headerValue")
                        .orElse(() -> some("headerPattern").map(pattern -> "matching " + pattern))
                        .getOrElse("always");
                return "header " + name + ": " + value;
            });
            Option<String> cookie = some("cookie").map(name -> "cookie " + name + "=always");
            Vector<String> both = header.toVector().appendAll(cookie);
            return both.isEmpty() ? Option.none() : Option.some("requests with " + both.mkString(" or "));
        }

        /** Whether the headers and cookies of a request choose; the first that does, in the order the balancer looks. */
        CanaryChoice choice(RequestHead head) {
            CanaryChoice byHeader =
                    some("header").map(name -> byHeader(name, head)).getOrElse(CanaryChoice.NONE);
            return byHeader.isMade()
                    ? byHeader
                    : some("cookie")
                            .flatMap(name -> SentVariables.cookie(head, name)
                                    .map(value -> CanaryChoice.named("cookie " + name, value)))
                            .getOrElse(byHeader);
        }

        private CanaryChoice byHeader(String name, RequestHead head) {
            Option<String> sent = SentVariables.header(head, name.replace('-', '_'));
            if (sent.isEmpty()) {
                return CanaryChoice.NONE;
            }
            String what = "header " + name + ": " + sent.get();
            Option<String> value = some("headerValue");
            if (value.isDefined()) {
                return CanaryChoice.when(value.equals(sent), what);
            }
            Option<String> pattern = some("headerPattern");
            return pattern.isDefined()
                    ? CanaryChoice.matching(pattern.get(), sent.get(), what)
                    : CanaryChoice.named("header " + name, sent.get());
        }

        private Option<String> some(String field) {
            return policy.text(field).filter(text -> !text.isEmpty());
        }
    }

    /** What came of looking for an upstream. */
    sealed interface Lookup {
        /** It was found; it may have no peers. */
        record Found(Upstream upstream) implements Lookup {}

        /** It is not there, so that the controller answers 503. */
        record Absent(String name, Vector<Evidence> evidence) implements Lookup {}

        /** It cannot be told. */
        record Unknown(String why, Vector<Missing> missing) implements Lookup {}
    }

    /** Turns of all peers together. */
    int totalWeight() {
        return peers.map(Peer::weight).sum().intValue();
    }
}
