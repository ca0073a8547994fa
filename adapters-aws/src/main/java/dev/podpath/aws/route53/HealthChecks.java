package dev.podpath.aws.route53;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.document.Response;
import dev.podpath.aws.document.Responses;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Map;

/**
 * The health checks of an account and what their checkers found (Amazon Route 53 Developer Guide, "How Amazon Route 53
 * determines whether a health check is healthy").
 */
public final class HealthChecks {
    /** Of the checkers more than this part, in percent, must find the endpoint healthy. */
    private static final int PERCENT = 18;

    /** Health checks of health checks are followed this far; the service allows no calculated child of a calculated one. */
    private static final int DEPTH = 4;

    private final Responses responses;
    private final Map<String, Json> byId = new HashMap<>();

    private HealthChecks(Responses responses) {
        this.responses = responses;
    }

    /** Indexes what was captured. */
    public static HealthChecks of(Responses responses) {
        HealthChecks checks = new HealthChecks(responses);
        responses
                .items(Operation.HEALTH_CHECKS)
                .forEach(json -> json.text("Id").forEach(id -> checks.byId.putIfAbsent(id, json)));
        return checks;
    }

    /** What is known of a health check. */
    Health of(String id) {
        return of(id, DEPTH);
    }

    private Health of(String id, int depth) {
        String name = "health check " + id;
        Option<Json> found = Option.of(byId.get(id)).map(json -> json.at("HealthCheckConfig"));
        boolean inverted = found.exists(config -> config.isTrue("Inverted"));
        if (found.exists(config -> config.isTrue("Disabled"))) {
            return Health.of(
                    !inverted,
                    name + " is disabled, which counts as "
                            + (inverted ? "unhealthy, because it is inverted" : "healthy"),
                    Vector.of(found.get().evidence("Disabled")));
        }
        if (found.exists(config -> config.textOr("", "Type").equals("CALCULATED")) && depth > 0) {
            return calculated(name, found.get(), inverted, depth);
        }
        Option<Response> status = responses.keyed(Operation.HEALTH_CHECK_STATUS, id);
        if (status.isEmpty() || status.get().items().isEmpty()) {
            return Health.unknown(name, Operation.HEALTH_CHECK_STATUS.missing("global", id, id));
        }
        Vector<Json> seen = status.get().items();
        int passing =
                seen.count(json -> json.text("StatusReport", "Status").exists(text -> text.startsWith("Success")));
        boolean healthy = passing * 100L > (long) PERCENT * seen.size() != inverted;
        Vector<Evidence> evidence = Vector.of(status.get().body().evidence(Operation.HEALTH_CHECK_STATUS.field()));
        return Health.of(
                healthy,
                passing + " of " + seen.size() + " checkers find " + name + " passing"
                        + (inverted ? ", and it is inverted" : ""),
                inverted ? evidence.append(found.get().evidence("Inverted")) : evidence);
    }

    /** As many children as its threshold have to be healthy; a threshold of 0 is always reached. */
    private Health calculated(String name, Json config, boolean inverted, int depth) {
        Vector<Health> children =
                config.items("ChildHealthChecks").flatMap(Json::text).map(child -> of(child, depth - 1));
        int threshold = config.integer("HealthThreshold").getOrElse(children.size());
        int healthy = children.count(child -> child.state() == Health.State.HEALTHY);
        int open = children.count(child -> child.state() == Health.State.UNKNOWN);
        if (healthy < threshold && healthy + open >= threshold) {
            return children.find(child -> child.state() == Health.State.UNKNOWN).get();
        }
        return Health.of(
                healthy >= threshold != inverted,
                healthy + " of the " + children.size() + " health checks of " + name + " are healthy, and " + threshold
                        + " have to be" + (inverted ? "; it is inverted" : ""),
                Vector.of(config.evidence("HealthThreshold", "ChildHealthChecks")));
    }
}
