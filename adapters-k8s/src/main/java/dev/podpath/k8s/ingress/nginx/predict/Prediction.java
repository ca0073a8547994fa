package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.nio.charset.StandardCharsets;

/**
 * What a controller would have made of the Ingress objects as they were captured: its configuration as text that nginx reads, its backends as
 * {@code /dbg backends all} prints them, and what leads from both to the objects.
 */
public final class Prediction {
    private final Document conf;
    private final Option<Document> backends;
    private final Sources sources;
    private final Watched watched;
    private final Vector<ServerModel> servers;
    private final Vector<ServerTable.Overruled> overruled;
    private final Vector<String> assumptions;

    private Prediction(
            Document conf,
            Option<Document> backends,
            Sources sources,
            Watched watched,
            ServerTable table,
            Vector<String> assumptions) {
        this.conf = conf;
        this.backends = backends;
        this.sources = sources;
        this.watched = watched;
        this.servers = table.servers();
        this.overruled = table.overruled();
        this.assumptions = assumptions;
    }

    /**
     * Predicts.
     *
     * @param name what the predicted documents are called, such as {@code predicted:namespace/pod}
     */
    public static Prediction of(
            String name,
            Vector<IngressObject> ingresses,
            ObjectList classes,
            ControllerFlags flags,
            ControllerSettings settings,
            Cluster cluster) {
        Watched watched = Watched.of(ingresses, classes, flags);
        UpstreamTable upstreams = new UpstreamTable(cluster, flags, settings);
        upstreams.build(watched.served());
        ServerTable table = new ServerTable(upstreams);
        table.build(watched.served());
        ConfText text = new ConfWriter(flags, settings).write(table.servers());
        Document conf = document(name + "/nginx.conf", text.text());
        boolean known = cluster.captured().services() && cluster.captured().endpoints();
        Vector<UpstreamModel> listed = upstreams.all();
        String json = listed.map(UpstreamModel::json).mkString("[", ",\n", "]");
        String path = name + "/backends.json";
        Sources sources = new Sources(
                conf.path(),
                text.sources(),
                path,
                listed.map(upstream -> Vector.ofAll(upstream.evidence).distinct()));
        return new Prediction(
                conf,
                Option.when(known, () -> document(path, json)),
                sources,
                watched,
                table,
                watched.assumptions().appendAll(settings.assumed()));
    }

    private static Document document(String path, String text) {
        return new Document(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The configuration that the controller would have. */
    public Document conf() {
        return conf;
    }

    /** The backends that it would balance over; empty where services or EndpointSlices were not captured. */
    public Option<Document> backends() {
        return backends;
    }

    /** What leads from the predicted documents to the objects. */
    public Sources sources() {
        return sources;
    }

    /** What was taken for granted about the controller. */
    public Vector<String> assumptions() {
        return assumptions;
    }

    /**
     * An Ingress, or a path of one, that the controller does not serve.
     *
     * @param ingress {@code namespace/name}
     * @param why why not
     * @param evidence what says so
     */
    public record Unserved(String ingress, String why, Vector<Evidence> evidence) {}

    /** The Ingresses with a rule for this host that the controller does not take. */
    public Vector<Unserved> ignored(String host) {
        return watched.ignored()
                .filter(each -> each.ingress().rules().exists(rule -> covers(rule.host(), host)))
                .map(each -> new Unserved(each.ingress().id(), each.why(), each.evidence()));
    }

    /** The paths of this host at the beginning of the path that an older Ingress has. */
    public Vector<Unserved> overruled(String host, String path) {
        return overruled
                .filter(each -> covers(each.host(), host) && path.startsWith(each.path()))
                .map(each -> new Unserved(
                        each.ingress().id(),
                        "path " + each.path() + " belongs to the older Ingress "
                                + each.winner().id(),
                        Vector.of(each.ingress().evidence(), each.winner().evidence())));
    }

    /** Names of annotations of this host's Ingresses that hold configuration of their own, which is not predicted. */
    public Vector<String> snippets(String host) {
        return watched.served()
                .filter(each -> each.rules().exists(rule -> covers(rule.host(), host)))
                .flatMap(each -> each.snippets().map(name -> name + " of " + each));
    }

    /** What nginx refuses about the configuration: the controller then keeps the one it had. */
    public Vector<Unserved> refused() {
        return servers.flatMap(server -> server.duplicates()
                .map(name -> "location " + name + " twice")
                .appendAll(server.wrongName().map(name -> "the invalid name " + name))
                .map(what -> unserved(server, "server " + server.host + " would have " + what)));
    }

    private static Unserved unserved(ServerModel server, String why) {
        Vector<ServerModel.Location> own = Vector.ofAll(server.locations);
        return new Unserved(
                own.flatMap(location -> location.ingress)
                        .map(IngressObject::id)
                        .distinct()
                        .mkString(", "),
                why,
                own.flatMap(location -> location.evidence).distinct());
    }

    private static boolean covers(String pattern, String host) {
        int dot = host.indexOf('.');
        return pattern.equals(host)
                || pattern.startsWith("*.") && dot > 0 && pattern.substring(1).equals(host.substring(dot));
    }
}
