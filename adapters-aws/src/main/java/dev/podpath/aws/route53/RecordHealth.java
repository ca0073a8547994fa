package dev.podpath.aws.route53;

import dev.podpath.aws.document.Operation;
import dev.podpath.aws.elb.Elb;
import dev.podpath.core.trace.Missing;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The health of record sets: that of their health check and, for an alias that evaluates its target's health, that of the
 * target (Amazon Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured").
 */
final class RecordHealth {
    /** Aliases of aliases are followed this far. */
    private static final int DEPTH = 8;

    private final HealthChecks checks;
    private final Elb elb;
    private final Zone zone;

    /** The health of the record sets of a zone. */
    RecordHealth(HealthChecks checks, Elb elb, Zone zone) {
        this.checks = checks;
        this.elb = elb;
        this.zone = zone;
    }

    Health of(RecordSet set) {
        return of(set, DEPTH);
    }

    private Health of(RecordSet set, int depth) {
        Health own = set.json().text("HealthCheckId").map(checks::of).getOrElse(Health.UNCHECKED);
        return set.json().isTrue("AliasTarget", "EvaluateTargetHealth") ? own.and(target(set, depth)) : own;
    }

    private Health target(RecordSet set, int depth) {
        String target = set.json().text("AliasTarget", "DNSName").getOrElse("");
        Option<Elb.Named> named = elb.named(target);
        if (named.isDefined()) {
            return elb.evaluated(named.get().id())
                    .map(found -> Health.of(
                            found.healthy(),
                            "alias target " + Zone.plain(target) + ": " + found.why(),
                            Vector.of(found.evidence())))
                    .getOrElse(() -> unknown(target, Operation.TARGET_HEALTH.missing()));
        }
        String plain = Zone.plain(target);
        boolean here = plain.equals(zone.name()) || plain.endsWith("." + zone.name());
        Vector<RecordSet> sets =
                here ? zone.find(plain).records().filter(other -> other.type().equals(set.type())) : Vector.empty();
        if (sets.isEmpty() || depth == 0) {
            return unknown(target, Operation.LOAD_BALANCERS.missing());
        }
        Vector<Health> all = sets.map(other -> of(other, depth - 1));
        return all.find(health -> health.state() == Health.State.HEALTHY || health.state() == Health.State.UNCHECKED)
                .orElse(() -> all.find(health -> health.state() == Health.State.UNKNOWN))
                .getOrElse(all.head());
    }

    private static Health unknown(String target, Missing missing) {
        return Health.unknown("alias target " + Zone.plain(target), missing);
    }
}
