package dev.podpath.core.trace;

/** Which part of the requests that reach a hop takes a branch. */
public sealed interface Share {
    /** The part is defined exactly by the configuration. */
    record Exact(Fraction value) implements Share {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /** One of the branches is taken; how often each is not defined by what is known. */
    record OneOf() implements Share {
        @Override
        public String toString() {
            return "unknown";
        }
    }

    /** Every request. */
    static Share all() {
        return new Exact(Fraction.ONE);
    }

    /** No request of this path: the branch is shown for what another caller would get. */
    static Share none() {
        return new Exact(Fraction.ZERO);
    }

    /** One of several, and the data plane does not define how often. */
    static Share undefined() {
        return new OneOf();
    }

    /** The exact share {@code numerator/denominator}. */
    static Share of(long numerator, long denominator) {
        return new Exact(Fraction.of(numerator, denominator));
    }

    /** The share of a branch behind a branch. */
    default Share then(Share next) {
        if (this.isNone() || next.isNone()) {
            return none();
        }
        return this instanceof Exact a && next instanceof Exact b
                ? new Exact(a.value().times(b.value()))
                : undefined();
    }

    /** The share of two ways to one place. */
    default Share or(Share other) {
        if (this.isNone()) {
            return other;
        }
        if (other.isNone()) {
            return this;
        }
        return this instanceof Exact a && other instanceof Exact b
                ? new Exact(a.value().plus(b.value()))
                : undefined();
    }

    /** Whether no request takes the branch. */
    default boolean isNone() {
        return this instanceof Exact exact && exact.value().isZero();
    }
}
