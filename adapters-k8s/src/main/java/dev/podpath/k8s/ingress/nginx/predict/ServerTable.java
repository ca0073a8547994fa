package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.k8s.ingress.nginx.predict.IngressObject.BackendRef;
import dev.podpath.k8s.ingress.nginx.predict.IngressObject.PathRule;
import dev.podpath.k8s.ingress.nginx.predict.IngressObject.Rule;
import dev.podpath.k8s.ingress.nginx.predict.ServerModel.Location;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The servers and locations that Ingresses make ({@code createServers}, {@code getBackendServers} and {@code mergeAlternativeBackends} of {@code
 * internal/ingress/controller/controller.go}): one server for each host, a path belongs to the oldest Ingress that has it.
 */
final class ServerTable {
    private final UpstreamTable upstreams;
    private final TreeMap<String, ServerModel> byHost = new TreeMap<>();
    private final List<Overruled> overruled = new ArrayList<>();
    private final ServerModel catchAll = new ServerModel(ServerModel.DEFAULT);

    ServerTable(UpstreamTable upstreams) {
        this.upstreams = upstreams;
    }

    /**
     * A path that is not served by its Ingress, because an older one has it.
     *
     * @param host its host
     * @param path its path
     * @param ingress the Ingress that loses
     * @param winner the one that has it
     */
    record Overruled(String host, String path, IngressObject ingress, IngressObject winner) {}

    void build(Vector<IngressObject> ingresses) {
        Location root = new Location("/", false, UpstreamModel.DEFAULT, Option.none(), Vector.empty());
        root.byDefault = true;
        catchAll.locations.add(root);
        byHost.put(catchAll.host, catchAll);
        Vector<IngressObject> primary = ingresses.reject(IngressObject::isCanary);
        primary.forEach(this::createServers);
        primary.forEach(this::alias);
        dropTakenAliases();
        ingresses.forEach(this::addPaths);
        if (!primary.isEmpty()) {
            ingresses.filter(IngressObject::isCanary).forEach(this::mergeCanary);
        }
        byHost.values().forEach(server -> server.locations.forEach(this::ownDefault));
        byHost.values().forEach(ServerModel::sort);
        byHost.values().forEach(ServerModel::splitPrefixes);
    }

    /** The servers by host name, as the file has them. */
    Vector<ServerModel> servers() {
        return Vector.ofAll(byHost.values());
    }

    Vector<Overruled> overruled() {
        return Vector.ofAll(overruled);
    }

    private static String hostOf(Rule rule) {
        return rule.host().isEmpty() ? ServerModel.DEFAULT : rule.host();
    }

    private ServerModel serverOf(Rule rule) {
        return byHost.getOrDefault(hostOf(rule), catchAll);
    }

    private void createServers(IngressObject ingress) {
        Option<UpstreamModel> own =
                ingress.defaultBackend().flatMap(backend -> upstreams.named(backend.upstream(ingress.namespace())));
        if (own.isDefined() && ingress.rules().isEmpty()) {
            catchAll(ingress, own.get());
        }
        for (Rule rule : ingress.rules()) {
            String host = hostOf(rule);
            if (byHost.containsKey(host)) {
                continue;
            }
            ServerModel server = new ServerModel(host);
            Location root = new Location(
                    "/",
                    false,
                    own.map(upstream -> upstream.name).getOrElse(UpstreamModel.DEFAULT),
                    Option.some(ingress),
                    Vector.of(ingress.evidence()));
            root.byDefault = true;
            root.rewrites = Option.some(ingress);
            server.locations.add(root);
            server.passesTlsThrough = ingress.isTrue("ssl-passthrough");
            server.evidence.add(rule.json().evidence());
            byHost.put(host, server);
        }
    }

    /** An Ingress with a backend and no rules takes what no other wants; of several the oldest. */
    private void catchAll(IngressObject ingress, UpstreamModel upstream) {
        Location root = catchAll.locations.get(0);
        if (root.byDefault) {
            root.byDefault = false;
            root.upstream = upstream.name;
            root.ingress = Option.some(ingress);
            root.evidence = Vector.of(ingress.evidence());
            ingress.defaultBackend().forEach(backend -> {
                root.service = backend.service();
                root.port = backend.port();
            });
        }
    }

    private void alias(IngressObject ingress) {
        Option<String> names = ingress.annotation("server-alias");
        for (Rule rule : ingress.rules()) {
            ServerModel server = serverOf(rule);
            if (server.aliases.isEmpty() && names.isDefined()) {
                server.aliases =
                        ControllerSettings.split(names.get()).distinct().sorted();
                server.evidence.add(ingress.evidence("server-alias"));
            }
        }
    }

    private void dropTakenAliases() {
        byHost.values().forEach(server -> server.aliases = server.aliases.reject(byHost::containsKey));
    }

    private void addPaths(IngressObject ingress) {
        for (Rule rule : ingress.rules()) {
            ServerModel server = serverOf(rule);
            for (PathRule path : rule.paths()) {
                path.backend().forEach(backend -> addPath(ingress, server, path, backend));
            }
        }
    }

    private void addPath(IngressObject ingress, ServerModel server, PathRule path, BackendRef backend) {
        Option<UpstreamModel> upstream = upstreams.named(backend.upstream(ingress.namespace()));
        if (!upstream.exists(UpstreamModel::hasServer)) {
            return;
        }
        Option<Location> same = server.first(path.path());
        boolean other = same.isEmpty() || same.get().exact != path.isExact();
        if (other || same.get().byDefault) {
            Location location =
                    other ? new Location(path.path(), path.isExact(), "", Option.none(), Vector.empty()) : same.get();
            location.upstream = upstream.get().name;
            location.byDefault = false;
            location.ingress = Option.some(ingress);
            location.rewrites = location.ingress;
            location.service = backend.service();
            location.port = backend.port();
            location.evidence = Vector.of(path.evidence(), ingress.evidence());
            server.redirectsWww |= ingress.isTrue("from-to-www-redirect");
            if (other) {
                server.locations.add(location);
            }
        } else {
            same.get()
                    .ingress
                    .filter(winner -> !winner.id().equals(ingress.id()))
                    .forEach(winner -> overruled.add(new Overruled(server.host, path.path(), ingress, winner)));
        }
        affinity(upstream.get(), ingress);
    }

    private static void affinity(UpstreamModel upstream, IngressObject ingress) {
        String type = ingress.annotation("affinity").getOrElse("");
        if (upstream.affinity.isEmpty()) {
            upstream.affinity = type;
        }
        if (type.equals("cookie")) {
            upstream.cookie = ingress.annotation("session-cookie-name").getOrElse("INGRESSCOOKIE");
        }
    }

    private void mergeCanary(IngressObject canary) {
        canary.defaultBackend().forEach(backend -> merge(canary, backend, ServerModel.DEFAULT, Option.none()));
        for (Rule rule : canary.rules()) {
            for (PathRule path : rule.paths()) {
                path.backend().forEach(backend -> merge(canary, backend, hostOf(rule), Option.some(path)));
            }
        }
    }

    /** Makes the canary's upstream an alternative of each that serves the same path; one that serves none is dropped. */
    private void merge(IngressObject canary, BackendRef backend, String host, Option<PathRule> path) {
        Option<UpstreamModel> found = upstreams.named(backend.upstream(canary.namespace()));
        ServerModel server = byHost.get(host);
        if (found.isEmpty() || server == null) {
            return;
        }
        UpstreamModel alternative = found.get();
        boolean merged = false;
        for (Location location : server.locations) {
            Option<UpstreamModel> primary = upstreams.named(location.upstream);
            if (primary.exists(each -> each.name.equals(alternative.name))) {
                return;
            }
            boolean here = path.forAll(each -> location.path.equals(each.path()) && location.exact == each.isExact());
            if (!merged
                    && here
                    && primary.exists(each -> each.hasServer() && !each.name.equals(UpstreamModel.DEFAULT))) {
                UpstreamModel into = primary.get();
                if (!into.alternatives.contains(alternative.name)) {
                    into.alternatives.add(alternative.name);
                    into.evidence.add(canary.evidence());
                }
                merged = true;
            }
        }
        if (!merged) {
            upstreams.remove(alternative.name);
        }
    }

    /** A service of its own for when there is no endpoint ({@code default-backend}). */
    private void ownDefault(Location location) {
        Option<String> name = location.ingress.flatMap(ingress -> ingress.annotation("default-backend"));
        Option<UpstreamModel> upstream = upstreams.named(location.upstream);
        if (name.isEmpty() || upstream.isEmpty() || location.upstream.equals(UpstreamModel.DEFAULT)) {
            return;
        }
        String namespace = location.ingress.get().namespace();
        Vector<UpstreamModel.Peer> peers = upstreams.firstPort(new ServiceKey(namespace, name.get()));
        if (upstream.get().peers.isEmpty() && !peers.isEmpty()) {
            String own = "custom-default-backend-" + namespace + "-" + name.get();
            upstreams.add(upstream.get().copy(own, peers));
            location.upstream = own;
            location.evidence = location.evidence.append(location.ingress.get().evidence("default-backend"));
        }
    }
}
