package dev.podpath.capture.aws;

import dev.podpath.ports.capture.CaptureRun;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Collector;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import io.vavr.control.Try;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Captures an account's names, load balancers, interfaces, security groups, routes and gateways. Asks for nothing but
 * {@link Action}, all of which only reads.
 */
public final class AwsCollector implements Collector {
    private static final String ID = "aws";
    private static final Pattern REGION = Pattern.compile("[a-z]{2,8}(-[a-z]{2,16}){1,3}-[0-9]{1,2}");

    private Option<WeakReference<CaptureRun>> last = Option.none();

    /** Made by the plugin loader. */
    public AwsCollector() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "AWS through its APIs: names, load balancers, interfaces, security groups, routes, NAT gateways";
    }

    @Override
    public boolean serves(CaptureScope scope) {
        return scope.clouds().contains(ID);
    }

    @Override
    public void collect(CaptureScope scope, CaptureRun run) {
        if (isDoneIn(run)) {
            return;
        }
        Vector<String> regions = scope.regions().isEmpty()
                ? configured(scope.profile()).toVector()
                : scope.regions().distinct();
        Vector<String> strange = regions.reject(name -> REGION.matcher(name).matches());
        if (regions.isEmpty() || !strange.isEmpty()) {
            run.notCaptured(NotCaptured.failed(
                    "aws/*/*",
                    regions.isEmpty()
                            ? "no region is configured; name it with --region"
                            : "'" + strange.head() + "' is no region"));
            return;
        }
        run.fact("cloud.provider", ID);
        run.fact("cloud.regions", regions.mkString(","));
        List<SdkAutoCloseable> open = new ArrayList<>();
        try (Clients clients = new Clients(scope)) {
            Survey survey = new Survey(run, scope.parallelism());
            new Names(survey, kept(open, clients.names(Region.of(regions.head())))).all();
            for (String region : regions) {
                Region place = Region.of(region);
                new Balancers(
                                survey,
                                kept(open, clients.balancers(place)),
                                kept(open, clients.classicBalancers(place)),
                                region)
                        .all();
                new Network(survey, kept(open, clients.ec2(place)), region).all();
            }
            survey.await();
        } finally {
            open.forEach(SdkAutoCloseable::close);
        }
    }

    /** A cloud is captured once, however many further nodes are asked for in the same run. */
    private synchronized boolean isDoneIn(CaptureRun run) {
        if (last.exists(before -> before.refersTo(run))) {
            return true;
        }
        last = Option.some(new WeakReference<>(run));
        return false;
    }

    private static <C extends SdkAutoCloseable> C kept(List<SdkAutoCloseable> open, C client) {
        open.add(client);
        return client;
    }

    /** The region of the environment, the profile, or the instance. */
    private static Option<String> configured(Option<String> profile) {
        DefaultAwsRegionProviderChain.Builder chain =
                DefaultAwsRegionProviderChain.builder().profileFile(ProfileFile::defaultProfileFile);
        profile.forEach(chain::profileName);
        return Try.of(() -> chain.build().getRegion().id()).toOption();
    }
}
