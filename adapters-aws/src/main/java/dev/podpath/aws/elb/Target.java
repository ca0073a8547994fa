package dev.podpath.aws.elb;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;

/**
 * A registered target with its health (ELBv2 API {@code TargetHealthDescription}).
 *
 * @param json the target in its document
 */
record Target(Json json) {
    /** States of targets, as far as they decide who gets requests. */
    enum Health {
        /** It gets requests. Health checks passed, or are switched off ({@code unavailable}). */
        USED,
        /** It gets requests only where too few others are healthy: {@code unhealthy} and {@code initial}. */
        FALLBACK,
        /** It gets no new requests: {@code draining}, {@code unused}, or shifted away. */
        OUT,
        /** The document does not say. */
        UNKNOWN
    }

    String id() {
        return json.text("Target", "Id").getOrElse("");
    }

    Option<Integer> port() {
        return json.integer("Target", "Port");
    }

    Option<String> zone() {
        return json.text("Target", "AvailabilityZone").filter(zone -> !zone.equals("all"));
    }

    String state() {
        return json.text("TargetHealth", "State").getOrElse("");
    }

    String reason() {
        return json.text("TargetHealth", "Reason").getOrElse("");
    }

    Health health() {
        if (json.text("AdministrativeOverride", "State").contains("zonal_shift_active")) {
            return Health.OUT;
        }
        return switch (state()) {
            case "healthy", "unavailable" -> Health.USED;
            case "unhealthy", "initial" -> Health.FALLBACK;
            case "draining", "unhealthy.draining", "unused" -> Health.OUT;
            default -> Health.UNKNOWN;
        };
    }

    /** {@code 10.0.0.1:80 is unhealthy (Target.Timeout)}. */
    String title() {
        String why = reason().isEmpty() ? "" : " (" + reason() + ")";
        String shifted =
                json.text("AdministrativeOverride", "State").contains("zonal_shift_active") ? ", shifted away" : "";
        return id() + port().map(p -> ":" + p).getOrElse("") + " is "
                + (state().isEmpty() ? "of unknown state" : state()) + why + shifted;
    }

    /** The target as evidence; without a line where there are many, because finding lines costs. */
    Evidence evidence(boolean withLine) {
        Evidence cheap = Evidence.pointer(json.document().path(), json.pointer(), title());
        return withLine ? json.evidence("Target", "TargetHealth") : cheap;
    }
}
