package dev.podpath.aws.route53;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;
import java.util.function.Function;

/**
 * Names for which a Service or Ingress asks external-dns for a record of a routing policy ({@code aws-weight}, {@code aws-region}, …; external-dns,
 * "Routing policy" of its AWS tutorial): such records have a set identifier.
 */
public final class Wishes {
    private static final String PREFIX = "external-dns.alpha.kubernetes.io/";
    private static final Vector<String> POLICIES = Vector.of(
            "aws-weight",
            "aws-region",
            "aws-failover",
            "aws-geolocation-continent-code",
            "aws-geolocation-country-code",
            "aws-geolocation-subdivision-code",
            "aws-geoproximity-region",
            "aws-multi-value-answer");

    private final Vector<Wish> wishes;

    private Wishes(Vector<Wish> wishes) {
        this.wishes = wishes;
    }

    /**
     * What one object asks for.
     *
     * @param object the object, for people
     * @param policy the annotation that asks for a routing policy
     * @param hosts names in lower case
     * @param identified whether it has the set identifier without which the policy is left out
     * @param evidence the object
     */
    record Wish(String object, String policy, Vector<String> hosts, boolean identified, Evidence evidence) {}

    /** Reads the annotations of Services and Ingresses. */
    public static Wishes of(Snapshot snapshot, Cluster cluster) {
        Vector<Wish> ofServices = cluster.services().flatMap(Wishes::ofService);
        Vector<Wish> ofIngresses = snapshot.under("kubernetes/ingresses.")
                .filter(document -> document.name().matches(".*\\.(json|yaml|yml)"))
                .map(Document::json)
                .flatMap(read -> read.map(root -> root.items("items")).getOrElse(Vector.empty()))
                .flatMap(Wishes::ofIngress);
        return new Wishes(ofServices.appendAll(ofIngresses));
    }

    private static Option<Wish> ofService(Service service) {
        Map<String, String> annotations = service.annotations();
        return wish(
                "service " + service.key(), name -> annotations.get(PREFIX + name), Vector.empty(), service.evidence());
    }

    private static Option<Wish> ofIngress(Json ingress) {
        Json metadata = ingress.at("metadata");
        Json annotations = metadata.at("annotations");
        return wish(
                "Ingress " + metadata.textOr("default", "namespace") + "/" + metadata.textOr("", "name"),
                name -> annotations.text(PREFIX + name),
                ingress.items("spec", "rules").flatMap(rule -> rule.text("host")),
                annotations.evidence());
    }

    private static Option<Wish> wish(
            String object, Function<String, Option<String>> annotation, Vector<String> more, Evidence evidence) {
        Vector<String> hosts = annotation
                .apply("hostname")
                .toVector()
                .flatMap(list -> Vector.of(list.split(",")))
                .appendAll(more)
                .map(host -> Zone.plain(host.strip().toLowerCase(Locale.ROOT)));
        return POLICIES.find(name -> annotation.apply(name).isDefined())
                .map(name -> new Wish(
                        object,
                        PREFIX + name,
                        hosts,
                        annotation.apply("set-identifier").exists(id -> !id.isBlank()),
                        evidence));
    }

    /** The wishes for a name. */
    Vector<Wish> of(String host) {
        return wishes.filter(wish -> wish.hosts().contains(host));
    }
}
