package dev.podpath.core.trace;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.finding.Finding;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.immutables.value.Value;

/**
 * One step of a path: what was decided at a location, and where it goes from there.
 *
 * <p>A hop either goes on (it has branches and no disposition) or ends (a disposition and at most branches that are
 * {@linkplain Branch#isAside() asides}). Where the shares of its branches are exact they sum to 1.
 */
@Value.Immutable
@DomainStyle
public interface Hop {
    /** Where the request is. */
    Location location();

    /** What kind of thing is there. */
    HopKind kind();

    /** One line for people. */
    String title();

    /** What was decided, in order. */
    @Value.Default
    default Vector<Decision> decisions() {
        return Vector.empty();
    }

    /** The ways on. */
    @Value.Default
    default Vector<Branch> branches() {
        return Vector.empty();
    }

    /** How the path ends here, where it does. */
    @Value.Default
    default Option<Disposition> disposition() {
        return Option.none();
    }

    /** What the path ends at, where it ends here. */
    @Value.Default
    default Option<Target> target() {
        return Option.none();
    }

    /** Diagnoses made at this hop. */
    @Value.Default
    default Vector<Finding> findings() {
        return Vector.empty();
    }

    /** What was taken for granted here; the result holds only if it is so. */
    @Value.Default
    default Vector<String> assumptions() {
        return Vector.empty();
    }

    /** What this step does not model. */
    @Value.Default
    default Vector<String> limits() {
        return Vector.empty();
    }

    /** A hop ends or goes on, and exact shares sum to 1. */
    @Value.Check
    default void check() {
        Vector<Branch> onPath = branches().reject(Branch::isAside);
        if (onPath.isEmpty() == disposition().isEmpty()) {
            throw new IllegalStateException("hop '" + title() + "' must either end or go on: disposition "
                    + disposition() + ", " + onPath.size() + " branches");
        }
        boolean exact = onPath.forAll(branch -> branch.share() instanceof Share.Exact);
        if (!onPath.isEmpty() && exact) {
            Fraction sum = onPath.foldLeft(
                    Fraction.ZERO, (total, branch) -> total.plus(((Share.Exact) branch.share()).value()));
            if (!sum.equals(Fraction.ONE)) {
                throw new IllegalStateException("shares of hop '" + title() + "' sum to " + sum);
            }
        }
    }

    /** A hop at a location. */
    static Builder at(Location location, HopKind kind, String title) {
        return new Builder().location(location).kind(kind).title(title);
    }

    /** Builds a hop. */
    final class Builder extends ImmutableHop.Builder {
        Builder() {}

        /** Ends the path here. */
        public Builder ends(Disposition disposition) {
            return disposition(Option.some(disposition));
        }

        /** Ends the path here, at this target. */
        public Builder ends(Disposition disposition, Target target) {
            return disposition(Option.some(disposition)).target(Option.some(target));
        }

        /** Ends the path here because evidence is missing. */
        public Builder unknown() {
            return ends(Disposition.UNKNOWN);
        }
    }
}
