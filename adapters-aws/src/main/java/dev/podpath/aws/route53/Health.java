package dev.podpath.aws.route53;

import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import io.vavr.collection.Vector;

/**
 * Whether Route 53 takes a record set for healthy.
 *
 * @param state what is known
 * @param why what that rests on, for people
 * @param evidence its places
 * @param missing what to capture where it is not known
 */
record Health(State state, String why, Vector<Evidence> evidence, Vector<Missing> missing) {
    /** A record set that nothing checks. */
    static final Health UNCHECKED = new Health(State.UNCHECKED, "nothing checks it", Vector.empty(), Vector.empty());

    static Health of(boolean healthy, String why, Vector<Evidence> evidence) {
        return new Health(healthy ? State.HEALTHY : State.UNHEALTHY, why, evidence, Vector.empty());
    }

    static Health unknown(String why, Missing missing) {
        return new Health(State.UNKNOWN, why, Vector.empty(), Vector.of(missing));
    }

    boolean isUnhealthy() {
        return state == State.UNHEALTHY;
    }

    /** Both have to be healthy. */
    Health and(Health other) {
        if (state == State.UNCHECKED || other.isUnhealthy()) {
            return other;
        }
        return other.state == State.UNKNOWN && !isUnhealthy() ? other : this;
    }

    /** What is known of a record set's health. */
    enum State {
        /** No health check is associated with it; Route 53 takes it for healthy. */
        UNCHECKED,
        HEALTHY,
        UNHEALTHY,
        /** Its state was not captured. */
        UNKNOWN
    }
}
