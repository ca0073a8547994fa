package dev.podpath.capture.aliyun;

import dev.podpath.ports.capture.CaptureRun;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Collector;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Either;

/**
 * Captures an account's names, load balancers, instances, security groups, routes and gateways. Asks for nothing but
 * {@link Action}, all of which only read.
 */
public final class AliyunCollector implements Collector {
    private static final String ID = "aliyun";

    /** Made by the plugin loader. */
    public AliyunCollector() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "Alibaba Cloud through its APIs: names, load balancers, instances, routes, NAT gateways";
    }

    @Override
    public boolean serves(CaptureScope scope) {
        return scope.clouds().contains(ID);
    }

    @Override
    public void collect(CaptureScope scope, CaptureRun run) {
        Vector<String> regions =
                scope.regions().isEmpty() ? Regions.configured(scope.profile()).toVector() : scope.regions();
        Vector<String> strange = regions.reject(Regions::isName);
        if (regions.isEmpty() || !strange.isEmpty()) {
            run.notCaptured(NotCaptured.failed(
                    "aliyun/*/*",
                    regions.isEmpty()
                            ? "no region is configured; name it with --region"
                            : "'" + strange.head() + "' is no region"));
            return;
        }
        Either<Failure, Account> account = Account.open(scope, run::cancelled);
        if (account.isLeft()) {
            run.notCaptured(NotCaptured.failed("aliyun/*/*", account.getLeft().why()));
            return;
        }
        run.fact("cloud.provider", ID);
        run.fact("cloud.regions", regions.mkString(","));
        new Survey(account.get(), scope, run).of(regions);
    }
}
