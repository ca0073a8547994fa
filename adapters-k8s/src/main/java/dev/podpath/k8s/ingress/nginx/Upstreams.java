package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.k8s.ingress.nginx.Upstream.Lookup;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.ports.snapshot.DocumentProblem;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * Finds the addresses behind the {@code proxy_pass} of a location: in the balancer's own list where it was captured, in an
 * {@code upstream} block of a controller without the Lua balancer, else in the EndpointSlices the controller reads.
 */
final class Upstreams {
    private final Cluster cluster;
    private final Configurations configurations;
    private final Ingresses ingresses;
    private final ServiceOfUpstream services;

    Upstreams(Cluster cluster, Configurations configurations, Ingresses ingresses) {
        this.cluster = cluster;
        this.configurations = configurations;
        this.ingresses = ingresses;
        this.services = new ServiceOfUpstream(cluster);
    }

    /**
     * The upstream of a request.
     *
     * @param pod the controller
     * @param source {@code namespace/name} of the pod whose documents stand for it
     * @param pass the directive that hands the request on
     */
    Lookup find(Pod pod, String source, HttpConf conf, Walked walked, Directive pass) {
        Option<String> target = walked.text(pass.arg(0).getOrElse(""));
        if (target.isEmpty()) {
            return new Lookup.Unknown("the target of line " + pass.line() + " is not known", Vector.empty());
        }
        String host = hostOf(target.get());
        Option<Directive> block = conf.http()
                .find(line ->
                        line.is("upstream") && line.isBlock() && line.arg(0).contains(host));
        if (block.isEmpty()) {
            Peer peer = peer(host, 1, target.get().startsWith("https") ? 443 : 80);
            return found(new Upstream(
                    host,
                    Vector.of(peer),
                    Option.none(),
                    Option.none(),
                    false,
                    Vector.of(pass.evidence()),
                    Vector.empty(),
                    Option.none()));
        }
        boolean lua = block.get().children().exists(line -> line.name().startsWith("balancer_by_lua"));
        if (!lua) {
            return found(fromBlock(block.get(), walked));
        }
        Option<String> name = walked.variable("proxy_upstream_name");
        if (name.isEmpty()) {
            return new Lookup.Unknown("$proxy_upstream_name is not known", Vector.empty());
        }
        Option<Either<DocumentProblem, Backends>> backends = configurations.backends(source);
        if (backends.exists(Either::isRight)) {
            return fromBackends(name.get(), backends.get().get(), walked, true);
        }
        return fromSlices(pod, source, name.get(), walked);
    }

    private Lookup fromBackends(String name, Backends backends, Walked walked, boolean withCanary) {
        Option<Backend> backend = backends.named(name);
        if (backend.isEmpty()) {
            return new Lookup.Absent(name, Vector.of(backends.document().whole()));
        }
        Vector<Peer> peers = backend.get().peers();
        if (peers.isEmpty()) {
            return new Lookup.Absent(name, Vector.of(backend.get().evidence()));
        }
        Option<ServicePortRef> service = services.find(name, labels(walked));
        boolean clusterIp = peers.size() == 1
                && (backend.get().clusterIp().contains(peers.head().host())
                        || service.flatMap(ref -> cluster.service(ref.service()))
                                .exists(found -> isVip(found, peers.head())));
        Option<Upstream.Canary> canary = withCanary
                ? backend.get().alternative().flatMap(backends::named).flatMap(other -> canary(other, backends, walked))
                : Option.none();
        return found(new Upstream(
                name,
                peers,
                service,
                peers.size() == 1 ? Option.none() : backend.get().unevenBy(),
                clusterIp,
                Vector.of(backend.get().evidence()),
                Vector.empty(),
                canary));
    }

    private Option<Upstream.Canary> canary(Backend other, Backends backends, Walked walked) {
        return fromBackends(other.name(), backends, walked, false) instanceof Lookup.Found found
                ? Option.some(new Upstream.Canary(found.upstream(), other.policy()))
                : Option.none();
    }

    private static boolean isVip(Service service, Peer peer) {
        return peer.address().exists(address -> service.clusterIps().contains(address.address()));
    }

    /** The generation before the Lua balancer: one {@code upstream} block for each service port. */
    private Upstream fromBlock(Directive block, Walked walked) {
        Vector<Directive> lines = block.all("server").reject(line -> line.args().contains("down"));
        Vector<Directive> primary = lines.reject(line -> line.args().contains("backup"));
        Vector<Directive> used = primary.isEmpty() ? lines : primary;
        Vector<Peer> peers = used.map(line -> peer(line.arg(0).getOrElse(""), weight(line), 80));
        String name = block.arg(0).getOrElse("");
        Option<String> uneven = block.children()
                .find(line -> Vector.of("least_conn", "ip_hash", "hash", "random", "least_time", "sticky")
                        .contains(line.name()))
                .map(line -> "chosen by " + line.name());
        return new Upstream(
                name,
                peers,
                services.find(name, labels(walked)),
                peers.size() == 1 ? Option.none() : uneven,
                false,
                Vector.of(block.evidence()).appendAll(used.map(Directive::evidence)),
                Vector.empty(),
                Option.none());
    }

    private static int weight(Directive line) {
        return line.args()
                .find(arg -> arg.startsWith("weight="))
                .flatMap(arg -> AddressPort.parsePort(arg.substring("weight=".length())))
                .filter(weight -> weight > 0)
                .getOrElse(1);
    }

    private Lookup fromSlices(Pod pod, String source, String name, Walked walked) {
        Missing backends = backendsOf(pod, source);
        if (name.equals("upstream-default-backend")) {
            return new Lookup.Unknown("the default backend's endpoints were not captured", Vector.of(backends));
        }
        Option<ServicePortRef> ref = services.find(name, labels(walked));
        if (!cluster.captured().services() || !cluster.captured().endpoints()) {
            return new Lookup.Unknown(
                    "neither the balancer's endpoints nor EndpointSlices were captured", Vector.of(backends));
        }
        if (ref.isEmpty()) {
            return new Lookup.Absent(
                    name,
                    walked.setter("proxy_upstream_name")
                            .map(Directive::evidence)
                            .toVector());
        }
        Option<Ingresses.Item> ingress = ingress(walked);
        Vector<Ingresses.Item> canaries = ingress.map(item -> ingresses.forHosts(item.hosts()))
                .getOrElse(Vector.empty())
                .filter(Ingresses.Item::isCanary);
        if (!canaries.isEmpty()) {
            return new Lookup.Unknown(
                    "Ingress " + canaries.head().id()
                            + " is a canary of this host, and what the balancer makes of it was not captured",
                    Vector.of(backends));
        }
        Service service = cluster.service(ref.get().service()).get();
        Option<Evidence> viaVip = serviceUpstream(pod, ingress);
        if (viaVip.isDefined() && !service.clusterIps().isEmpty()) {
            Peer vip =
                    new Peer(service.clusterIps().head().toString(), ref.get().port(), 1);
            return found(new Upstream(
                    name,
                    Vector.of(vip),
                    ref,
                    Option.none(),
                    true,
                    Vector.of(viaVip.get(), service.evidence()),
                    Vector.empty(),
                    Option.none()));
        }
        return fromSlices(name, ref.get(), ingress);
    }

    private Lookup fromSlices(String name, ServicePortRef ref, Option<Ingresses.Item> ingress) {
        Vector<Endpoint> ready = cluster.endpointsOf(ref).filter(Endpoint::ready);
        if (ready.isEmpty()) {
            return new Lookup.Absent(
                    name,
                    cluster.endpointsOf(ref.service())
                            .map(Endpoint::evidence)
                            .take(3)
                            .appendAll(cluster.service(ref.service()).map(Service::evidence)));
        }
        Vector<Peer> peers = ready.map(endpoint -> new Peer(
                        endpoint.address().address().toString(),
                        endpoint.address().port(),
                        1))
                .distinct();
        return found(new Upstream(
                name,
                peers,
                Option.some(ref),
                peers.size() == 1 ? Option.none() : ingress.flatMap(Upstreams::unevenBy),
                false,
                ready.map(Endpoint::evidence),
                Vector.of("the controller has learned of the EndpointSlices as captured and takes endpoints in turn"),
                Option.none()));
    }

    private static Option<String> unevenBy(Ingresses.Item ingress) {
        return ingress.annotation("affinity")
                .filter(kind -> kind.equals("cookie"))
                .map(kind -> "a cookie keeps a client at one endpoint")
                .orElse(() -> ingress.annotation("upstream-hash-by").map(by -> "chosen by the hash of " + by))
                .orElse(() -> ingress.annotation("load-balance")
                        .filter(kind -> kind.equals("ewma"))
                        .map(kind -> "chosen by measured latency (ewma)"));
    }

    /** What makes the controller connect to the virtual address. */
    private Option<Evidence> serviceUpstream(Pod pod, Option<Ingresses.Item> ingress) {
        Option<String> own = ingress.flatMap(item -> item.annotation("service-upstream"));
        if (own.isDefined()) {
            return own.filter(value -> value.equals("true"))
                    .map(value -> ingress.get().annotationEvidence("service-upstream"));
        }
        return ingresses
                .setting(pod.namespace(), "service-upstream")
                .filter(setting -> setting.text().contains("true"))
                .map(setting -> setting.evidence());
    }

    private Option<Ingresses.Item> ingress(Walked walked) {
        return walked.variable("namespace")
                .flatMap(namespace -> walked.variable("ingress_name").map(name -> namespace + "/" + name))
                .flatMap(ingresses::item);
    }

    private static Option<ServiceKey> labels(Walked walked) {
        return walked.variable("namespace")
                .flatMap(namespace -> walked.variable("service_name").map(name -> new ServiceKey(namespace, name)));
    }

    static Missing backendsOf(Pod pod, String source) {
        String file = "ingress/" + source + "/backends.json";
        return new Missing(
                file,
                "kubectl exec -n " + pod.namespace() + " " + source.substring(source.indexOf('/') + 1)
                        + " -- /dbg backends all > " + file);
    }

    private static Lookup found(Upstream upstream) {
        return new Lookup.Found(upstream);
    }

    private static String hostOf(String target) {
        int scheme = target.indexOf("://");
        String rest = scheme < 0 ? target : target.substring(scheme + 3);
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    private static Peer peer(String text, int weight, int defaultPort) {
        Option<AddressPort> address = AddressPort.parse(text);
        if (address.isDefined()) {
            return new Peer(address.get().address().toString(), address.get().port(), weight);
        }
        if (IpAddress.parse(text).isDefined()) {
            return new Peer(text, defaultPort, weight);
        }
        int colon = text.lastIndexOf(':');
        Option<Integer> port = colon < 0 ? Option.none() : AddressPort.parsePort(text.substring(colon + 1));
        return new Peer(port.isDefined() ? text.substring(0, colon) : text, port.getOrElse(defaultPort), weight);
    }
}
