package dev.podpath.cli;

import dev.podpath.ports.capture.CaptureScope;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Which clouds are captured besides the cluster. A cloud is the id of its collector: none is known by name here. */
final class CloudOptions {
    @CommandLine.Option(
            names = "--cloud",
            paramLabel = "CLOUD",
            split = ",",
            description = "Capture this cloud, too: the id of its collector, as podpath plugins names it.")
    private List<String> clouds = new ArrayList<>();

    @CommandLine.Option(
            names = "--region",
            paramLabel = "REGION",
            split = ",",
            description = "Regions of the cloud. Default: the one its own configuration names.")
    private List<String> regions = new ArrayList<>();

    @CommandLine.Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Profile of the cloud's own configuration files. Default: its usual chain of credentials.")
    private @Nullable String profile;

    @CommandLine.Option(
            names = "--endpoint",
            paramLabel = "[SERVICE=]URL",
            split = ",",
            description = "Where a service of the cloud, or every one, answers instead of at its public endpoint.")
    private List<String> endpoints = new ArrayList<>();

    @CommandLine.Option(names = "--no-cluster", description = "Only the cloud, not the cluster.")
    private boolean noCluster;

    Either<String, CaptureScope.Builder> into(CaptureScope.Builder scope) {
        if (clouds.isEmpty()) {
            boolean pointless = !regions.isEmpty() || profile != null || !endpoints.isEmpty() || noCluster;
            return pointless
                    ? Either.left("--region, --profile, --endpoint and --no-cluster go with --cloud CLOUD")
                    : Either.right(scope);
        }
        return Either.sequenceRight(Vector.ofAll(endpoints).map(CloudOptions::endpoint))
                .map(where -> scope.clouds(Vector.ofAll(clouds).distinct())
                        .regions(Vector.ofAll(regions).distinct())
                        .profile(Option.of(profile))
                        .endpoints(TreeMap.ofEntries(where))
                        .cluster(!noCluster));
    }

    /** {@code SERVICE=URL}, or a URL for every service. */
    private static Either<String, Tuple2<String, String>> endpoint(String text) {
        int scheme = text.indexOf("://");
        int equals = text.indexOf('=');
        boolean named = equals > 0 && equals < scheme;
        String url = named ? text.substring(equals + 1) : text;
        return url.startsWith("http://") || url.startsWith("https://")
                ? Either.right(Tuple.of(named ? text.substring(0, equals) : "*", url))
                : Either.left(
                        "'" + text + "' is no endpoint; expected https://HOST[:PORT] or SERVICE=https://HOST[:PORT]");
    }
}
