package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.ClusterService;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.net.Tuple;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Translation;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.request.Fate;
import dev.podpath.k8s.ingress.nginx.request.HttpArrival;
import dev.podpath.k8s.ingress.nginx.request.RequestWalk;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.k8s.ingress.nginx.select.RequestUri;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;

/** The connections that a controller makes for a request. */
final class UpstreamStep {
    private final Cluster cluster;
    private final HttpConf conf;
    private final HopDraft draft;
    private final Walked walked;
    private final Directive pass;
    private final HttpRequest request;

    UpstreamStep(Cluster cluster, HttpConf conf, HopDraft draft, Walked walked, Directive pass, HttpRequest request) {
        this.cluster = cluster;
        this.conf = conf;
        this.draft = draft;
        this.walked = walked;
        this.pass = pass;
        this.request = request;
    }

    /** The end of a request that has nobody to go to; empty where there is an upstream with addresses. */
    Option<Hop> nobody(Upstream.Lookup lookup) {
        if (lookup instanceof Upstream.Lookup.Unknown unknown) {
            Decision why = new Decision(
                    Decision.Action.UNKNOWN,
                    unknown.why(),
                    Vector.of(pass.evidence()),
                    Option.none(),
                    unknown.missing());
            return Option.some(draft.unknown(why));
        }
        if (lookup instanceof Upstream.Lookup.Absent absent) {
            return Option.some(noEndpoints(absent.name(), absent.evidence()));
        }
        Upstream upstream = ((Upstream.Lookup.Found) lookup).upstream();
        return upstream.peers().isEmpty()
                ? Option.some(noEndpoints(upstream.name(), upstream.evidence()))
                : Option.none();
    }

    private Hop noEndpoints(String name, Vector<Evidence> evidence) {
        draft.add(
                Decision.notFound("upstream " + name + " has no endpoints: 503").with(evidence));
        draft.find(new Finding(
                NginxFindings.NO_ENDPOINTS,
                NginxFindings.NO_ENDPOINTS.severity(),
                "upstream " + name + " of " + draft.pod().id() + " has no endpoints",
                evidence));
        return draft.ends(Disposition.REJECTED, Option.some("503"));
    }

    /** The hop with a way to each address. */
    Hop hop(Upstream upstream) {
        upstream.assumptions().forEach(draft::assume);
        Option<Hop> itself = byItself(upstream);
        if (itself.isDefined()) {
            return itself.get();
        }
        noteRewrite();
        Option<Upstream.Canary> canary = upstream.canary();
        Share toCanary = canary.map(c -> c.share(request.head())).getOrElse(Share.none());
        Share toPrimary = canary.map(c -> c.rest(request.head())).getOrElse(Share.all());
        canary.forEach(this::noteCanary);
        List<Branch> branches = new ArrayList<>();
        branches.addAll(
                branches(upstream, toPrimary, canary.flatMap(this::unless)).asJava());
        canary.forEach(c -> branches.addAll(canaryBranches(c, toCanary).asJava()));
        branches.addAll(bypassed(upstream).asJava());
        return draft.goesOn(Vector.ofAll(branches));
    }

    /** Where the one address is the controller itself, as for its default backend, what it answers there. */
    private Option<Hop> byItself(Upstream upstream) {
        Option<AddressPort> own = upstream.peers()
                .headOption()
                .flatMap(Peer::address)
                .filter(to -> upstream.peers().size() == 1 && to.address().isLoopback());
        return own.filter(to -> conf.listener(to).isDefined()).map(to -> {
            Walked inner = RequestWalk.walk(
                    conf,
                    new HttpArrival(
                            to,
                            false,
                            Option.some(RequestUri.bytes(request.host())),
                            walked.upstreamTarget(pass),
                            Option.some(to.address()),
                            request.head()));
            draft.add(Decision.chose("upstream " + upstream.name() + " is the controller itself at " + to)
                    .with(upstream.evidence()));
            draft.addAll(inner.decisions());
            if (inner.fate() instanceof Fate.Answer answer && answer.location().isEmpty()) {
                draft.add(Decision.denied("the default backend of the controller answers " + answer.status())
                        .with(answer.at().map(Directive::evidence)));
                return draft.ends(Disposition.REJECTED, Option.some(Integer.toString(answer.status())));
            }
            return draft.unknown(Decision.unknown("what the controller answers at " + to + " is not known"));
        });
    }

    private void noteRewrite() {
        String target = RequestUri.text(walked.upstreamTarget(pass));
        if (!target.equals(request.path())) {
            draft.add(Decision.of(Decision.Action.TRANSLATED, "the path sent on is " + target, pass.evidence()));
        }
    }

    private void noteCanary(Upstream.Canary canary) {
        CanaryChoice choice = canary.choice(request.head());
        if (choice.isMade()) {
            String which = choice.canary().contains(true) ? "canary " : "not the canary ";
            draft.add(Decision.chose(which + canary.upstream().name() + " takes the request: " + choice.why())
                    .with(Vector.of(canary.policy().evidence())));
            return;
        }
        if (!choice.why().isEmpty()) {
            draft.limit(choice.why());
        }
        draft.add(Decision.found(
                        "canary " + canary.upstream().name() + " takes " + canary.weight() + " of " + canary.total()
                                + " requests by chance"
                                + canary.trigger().map(t -> ", and " + t).getOrElse(""))
                .with(Vector.of(canary.policy().evidence())));
        canary.trigger()
                .forEach(trigger -> draft.assume("the request has no header or cookie that chooses the canary"));
    }

    private Option<String> unless(Upstream.Canary canary) {
        return canary.choice(request.head()).isMade()
                ? Option.none()
                : canary.trigger().map(trigger -> "not for " + trigger);
    }

    /** The ways to a canary; beside the path where only a header or cookie leads there. */
    private Vector<Branch> canaryBranches(Upstream.Canary canary, Share share) {
        if (!share.isNone()) {
            return branches(canary.upstream(), share, Option.some("canary"));
        }
        if (canary.choice(request.head()).isMade()) {
            return Vector.empty();
        }
        return canary.trigger()
                .map(trigger ->
                        canary.upstream().peers().map(peer -> Branch.aside(trigger, to(canary.upstream(), peer))))
                .getOrElse(Vector.empty());
    }

    private Vector<Branch> branches(Upstream upstream, Share share, Option<String> condition) {
        if (share.isNone()) {
            return Vector.empty();
        }
        Vector<String> conditions = condition.toVector().appendAll(upstream.unevenBy());
        Option<String> text = conditions.isEmpty() ? Option.none() : Option.some(conditions.mkString("; "));
        draft.add(Decision.chose(describe(upstream)).with(upstream.evidence()));
        int total = upstream.totalWeight();
        Vector<Branch> branches = upstream.peers().map(peer -> {
            Share part = upstream.unevenBy().isDefined()
                    ? Share.undefined()
                    : new Share.Exact(Fraction.of(peer.weight(), total));
            connection(upstream, peer);
            stale(upstream, peer);
            return new Branch(to(upstream, peer), share.then(part), text);
        });
        bypassDecision(upstream);
        return branches;
    }

    private static String describe(Upstream upstream) {
        if (upstream.toClusterIp()) {
            return "upstream " + upstream.name() + " has one address, the service's own (service-upstream): "
                    + upstream.peers().head();
        }
        String how = upstream.unevenBy()
                .getOrElse(upstream.peers().map(Peer::weight).distinct().size() == 1 ? "in turn" : "in turn by weight");
        return "upstream " + upstream.name() + " has " + upstream.peers().size()
                + (upstream.peers().size() == 1 ? " endpoint: " : " endpoints, " + how + ": ")
                + upstream.peers().mkString(", ");
    }

    private void connection(Upstream upstream, Peer peer) {
        peer.address().forEach(to -> {
            Option<AddressPort> client = draft.at().flow().source().map(address -> new AddressPort(address, 0));
            Tuple before = new Tuple(Protocol.TCP, client, draft.at().address());
            Tuple after = new Tuple(Protocol.TCP, Option.some(new AddressPort(OwnSide.address(draft), 0)), to);
            draft.add(Decision.translated(
                    "the controller opens a new connection to " + to,
                    new Translation(Translation.Kind.PROXY_CONNECTION, before, after),
                    upstream.evidence().take(1).toJavaArray(Evidence[]::new)));
        });
    }

    private void stale(Upstream upstream, Peer peer) {
        boolean tells = cluster.captured().endpoints() && upstream.service().isDefined() && !upstream.toClusterIp();
        Option<AddressPort> address = peer.address();
        if (!tells || address.isEmpty()) {
            return;
        }
        ServicePortRef ref = upstream.service().get();
        Vector<Endpoint> known = cluster.endpointsOf(ref);
        if (known.exists(endpoint -> endpoint.address().equals(address.get()))) {
            return;
        }
        draft.find(new Finding(
                NginxFindings.STALE_ENDPOINT,
                NginxFindings.STALE_ENDPOINT.severity(),
                draft.pod().id() + " balances over " + address.get() + ", which is in no EndpointSlice of " + ref,
                upstream.evidence().appendAll(known.take(3).map(Endpoint::evidence))));
    }

    private Location to(Upstream upstream, Peer peer) {
        Flow flow = flow();
        if (upstream.toClusterIp() && upstream.service().isDefined()) {
            return new ClusterService(upstream.service().get(), flow, OwnSide.vantage(draft.pod()));
        }
        return peer.address()
                .<Location>map(to -> new PodPort(to, upstream.service(), flow))
                .getOrElse(() -> new DnsName(peer.host(), peer.port(), flow, OwnSide.vantage(draft.pod())));
    }

    /** The request as the controller sends it on. */
    private Flow flow() {
        String scheme = pass.arg(0).getOrElse("").startsWith("https") ? "https" : "http";
        return OwnSide.flow(draft)
                .with(request.over(scheme).to(request.host(), RequestUri.text(walked.upstreamTarget(pass))));
    }

    /** Says that the virtual address is not on the way. */
    private void bypassDecision(Upstream upstream) {
        vip(upstream)
                .forEach(service -> draft.add(Decision.skipped(
                        "the ClusterIP " + service.clusterIps().head() + " of service " + service.key()
                                + " is not on this request's path: the controller balances over the endpoints itself",
                        service.evidence())));
    }

    /** What callers of the service inside the cluster get, beside the path. */
    private Vector<Branch> bypassed(Upstream upstream) {
        return vip(upstream)
                .map(service -> Branch.aside(
                        "in-cluster callers of the service only",
                        new ClusterService(upstream.service().get(), flow(), OwnSide.vantage(draft.pod()))))
                .toVector();
    }

    private Option<Service> vip(Upstream upstream) {
        return upstream.toClusterIp()
                ? Option.none()
                : upstream.service()
                        .flatMap(ref -> cluster.service(ref.service()))
                        .filter(service -> !service.clusterIps().isEmpty());
    }
}
