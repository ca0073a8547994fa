package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One server while the controller's configuration is put together ({@code ingress.Server}). */
final class ServerModel {
    /** The server of hosts that no Ingress names. */
    static final String DEFAULT = "_";

    final String host;
    final List<Location> locations = new ArrayList<>();
    final List<Evidence> evidence = new ArrayList<>();
    Vector<String> aliases = Vector.empty();
    boolean passesTlsThrough;
    boolean redirectsWww;

    ServerModel(String host) {
        this.host = host;
    }

    /** One location ({@code ingress.Location}). */
    static final class Location {
        String path;
        boolean exact;
        String upstream;
        boolean byDefault;
        String port = "";
        String service = "";
        /** The Ingress whose annotations it has; none for the location of requests that no Ingress wants. */
        Option<IngressObject> ingress;

        Vector<Evidence> evidence;

        Location(
                String path, boolean exact, String upstream, Option<IngressObject> ingress, Vector<Evidence> evidence) {
            this.path = path;
            this.exact = exact;
            this.upstream = upstream;
            this.ingress = ingress;
            this.evidence = evidence;
        }

        /** The same with another path. */
        Location at(String otherPath, boolean isExact) {
            Location copy = new Location(otherPath, isExact, upstream, ingress, evidence);
            copy.byDefault = byDefault;
            copy.port = port;
            copy.service = service;
            return copy;
        }

        String rewriteTarget() {
            return rewrites.flatMap(found -> found.annotation("rewrite-target")).getOrElse("");
        }

        boolean needsRewrite() {
            return !rewriteTarget().isEmpty() && !rewriteTarget().equals(path);
        }

        boolean usesRegex() {
            return rewrites.exists(found -> found.isTrue("use-regex"));
        }

        /** The Ingress whose rewriting it has: none for what a backend without rules made of the catch-all. */
        Option<IngressObject> rewrites = Option.none();
    }

    /** Longer paths first, of one length the later in the alphabet ({@code getBackendServers}). */
    void sort() {
        locations.sort(
                Comparator.comparing((Location location) -> location.path).reversed());
        locations.sort(Comparator.comparing((Location location) -> -location.path.length()));
    }

    /** What becomes of prefixes: a block with a slash at the end, and one for the path itself ({@code updateServerLocations}). */
    void splitPrefixes() {
        List<Location> old = List.copyOf(locations);
        Set<String> exact = old.stream()
                .filter(location -> location.exact)
                .map(location -> location.path)
                .collect(Collectors.toSet());
        locations.clear();
        for (Location location : old) {
            boolean whole =
                    location.path.equals("/") || location.exact || location.needsRewrite() || location.usesRegex();
            if (whole) {
                locations.add(location);
                continue;
            }
            Location itself = copyOf(location, location.path, true);
            String slash = location.path.endsWith("/") ? location.path : location.path + "/";
            locations.add(copyOf(location, slash, false));
            if (!exact.contains(location.path)) {
                locations.add(itself);
            }
        }
    }

    private static Location copyOf(Location location, String path, boolean exact) {
        Location copy = location.at(path, exact);
        copy.rewrites = location.rewrites;
        return copy;
    }

    /** The first location of this path. */
    Option<Location> first(String path) {
        for (Location location : locations) {
            if (location.path.equals(path)) {
                return Option.some(location);
            }
        }
        return Option.none();
    }

    /** Whether every location of the server is a regular expression ({@code enforceRegexModifier}). */
    boolean isRegex() {
        return locations.stream().anyMatch(location -> location.needsRewrite() || location.usesRegex());
    }

    /** A name with a wildcard inside, which is made by sending {@code www.} of a wildcard to it. */
    Option<String> wrongName() {
        return Option.when(redirectsWww && host.startsWith("*."), () -> "www." + host);
    }

    /** The names of locations that nginx would find twice. */
    Vector<String> duplicates() {
        if (isRegex()) {
            return Vector.empty();
        }
        Set<String> seen = new HashSet<>();
        return Vector.ofAll(locations)
                .map(location -> (location.exact ? "= " : "") + location.path)
                .reject(seen::add)
                .distinct();
    }
}
