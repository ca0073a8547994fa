package dev.podpath.aws.elb;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.document.Responses;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Decision;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Support;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which Kubernetes service a target group belongs to: by the TargetGroupBinding of the AWS Load Balancer Controller, else
 * by the tags it sets.
 */
public final class Bindings {
    private static final Vector<String> PATHS =
            Vector.of("kubernetes/targetgroupbindings.json", "kubernetes/targetgroupbindings.yaml");
    private static final Vector<String> TAGS =
            Vector.of("service.k8s.aws/stack", "ingress.k8s.aws/stack", "kubernetes.io/service-name");

    private final Cluster cluster;
    private final Map<String, Json> bindings = new HashMap<>();
    private final Map<String, List<Json>> claims = new HashMap<>();
    private final Map<String, Json> tags = new HashMap<>();
    private Vector<DocumentProblem> problems = Vector.empty();
    private Vector<DocumentReport> reports = Vector.empty();

    private Bindings(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Reads bindings and tags. */
    public static Bindings of(Snapshot snapshot, Responses responses, Cluster cluster) {
        Bindings all = new Bindings(cluster);
        PATHS.flatMap(snapshot::document).forEach(all::read);
        for (Json resource : responses.items(Operation.LOAD_BALANCER_TAGS)) {
            resource.items("Tags")
                    .find(tag -> tag.text("Key").exists(TAGS::contains))
                    .forEach(tag -> resource.text("ResourceArn").forEach(arn -> all.tags.putIfAbsent(arn, tag)));
        }
        return all;
    }

    /** Documents that could not be read. */
    public Vector<DocumentProblem> problems() {
        return problems;
    }

    /** How well the bindings were understood. */
    public Vector<DocumentReport> reports() {
        return reports;
    }

    /** What a target group serves, for people. */
    Option<Decision> describe(TargetGroup group) {
        String arn = group.arn().text();
        Option<Decision> bound = Option.of(bindings.get(arn))
                .map(binding -> Decision.found(
                        "target group " + group.name() + " is bound to service " + serviceName(binding) + " port "
                                + binding.text("spec", "serviceRef", "port").getOrElse("?"),
                        binding.at("spec", "serviceRef").evidence()));
        return bound.orElse(() -> Option.of(tags.get(arn))
                .map(tag -> Decision.found(
                        "target group " + group.name() + " is tagged as part of " + tag.textOr("?", "Value") + " ("
                                + tag.textOr("?", "Key") + ")",
                        tag.evidence())));
    }

    /** The service port a target group is bound to, where the service was captured. */
    Option<ServicePortRef> service(TargetGroup group) {
        return Option.of(bindings.get(group.arn().text())).flatMap(binding -> {
            Option<String> namespace = binding.text("metadata", "namespace");
            Option<String> name = binding.text("spec", "serviceRef", "name");
            Option<Service> service =
                    namespace.flatMap(ns -> name.flatMap(n -> cluster.service(new ServiceKey(ns, n))));
            Option<String> port = binding.text("spec", "serviceRef", "port");
            return service.flatMap(s -> port.flatMap(p -> s.ports().find(candidate -> isPort(candidate, p)))
                    .map(s::ref));
        });
    }

    /** The bindings of a target group where different services have one; else empty. */
    Vector<Json> rivals(TargetGroup group) {
        Vector<Json> all =
                Vector.ofAll(claims.getOrDefault(group.arn().text(), List.of())).distinctBy(Bindings::serviceName);
        return all.size() > 1 ? all : Vector.empty();
    }

    /**
     * A service with externalTrafficPolicy Local whose node port a target is: its health check fails on purpose where the
     * node has no ready pod.
     */
    Option<Service> localService(TargetGroup group, Target target) {
        Protocol protocol = group.protocol().equals("UDP") ? Protocol.UDP : Protocol.TCP;
        return target.port()
                .orElse(group.port())
                .flatMap(port -> cluster.servicePortAtNodePort(port, protocol))
                .flatMap(ref -> cluster.service(ref.service()))
                .filter(Service::externalLocal);
    }

    /** Whether the node that is a target has a ready endpoint of a service; empty where that is not known. */
    Option<Boolean> hasReadyPod(Service service, Target target) {
        return cluster.hasReadyEndpoint(service.key(), target.id());
    }

    /** Whether pods were captured and none, of a group of this cluster, has the address of a target. */
    boolean isGone(TargetGroup group, Target target) {
        String arn = group.arn().text();
        return (bindings.containsKey(arn) || tags.containsKey(arn))
                && IpAddress.parse(target.id()).exists(cluster::isGone);
    }

    private static boolean isPort(ServicePort port, String wanted) {
        return Integer.toString(port.port()).equals(wanted) || wanted.equals(port.name());
    }

    /** {@code namespace/name} of the service of a binding, for people. */
    static String serviceName(Json binding) {
        return binding.text("metadata", "namespace").getOrElse("?") + "/"
                + binding.text("spec", "serviceRef", "name").getOrElse("?");
    }

    private void read(Document document) {
        if (document.json().isLeft()) {
            problems = problems.append(document.json().getLeft());
            return;
        }
        Json root = document.json().get();
        Vector<Json> items = root.at("items").isArray() ? root.items("items") : Vector.of(root);
        int understood = 0;
        for (Json item : items) {
            Option<String> arn = item.text("spec", "targetGroupARN");
            arn.forEach(text -> {
                bindings.putIfAbsent(text, item);
                claims.computeIfAbsent(text, t -> new ArrayList<>(1)).add(item);
            });
            understood += arn.isDefined() ? 1 : 0;
        }
        io.vavr.collection.Map<Support, Integer> counts =
                TreeMap.of(Support.FULL, understood, Support.UNRECOGNIZED, items.size() - understood);
        reports = reports.append(
                new DocumentReport(document.path(), "target group bindings", counts.filterValues(count -> count > 0)));
    }
}
