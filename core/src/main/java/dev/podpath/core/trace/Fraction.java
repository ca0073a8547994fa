package dev.podpath.core.trace;

import io.vavr.control.Option;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * An exact non-negative rational number in lowest terms.
 *
 * @param numerator zero or more
 * @param denominator one or more
 */
public record Fraction(BigInteger numerator, BigInteger denominator) implements Comparable<Fraction> {
    /** Nothing. */
    public static final Fraction ZERO = of(0, 1);
    /** All of it. */
    public static final Fraction ONE = of(1, 1);

    /** Brings the fraction to lowest terms. */
    public Fraction {
        if (numerator.signum() < 0 || denominator.signum() <= 0) {
            throw new IllegalArgumentException(numerator + "/" + denominator);
        }
        BigInteger common = numerator.gcd(denominator);
        numerator = numerator.divide(common);
        denominator = denominator.divide(common);
    }

    /** The fraction of two whole numbers. */
    public static Fraction of(long numerator, long denominator) {
        return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    /** Reads {@code 1/3} or {@code 1}. */
    public static Option<Fraction> parse(String text) {
        int slash = text.indexOf('/');
        String above = slash < 0 ? text : text.substring(0, slash);
        String below = slash < 0 ? "1" : text.substring(slash + 1);
        boolean digits = !above.isEmpty()
                && !below.isEmpty()
                && (above + below).chars().allMatch(c -> c >= '0' && c <= '9')
                && below.chars().anyMatch(c -> c != '0');
        return digits ? Option.some(new Fraction(new BigInteger(above), new BigInteger(below))) : Option.none();
    }

    /** The sum. */
    public Fraction plus(Fraction other) {
        return new Fraction(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    /**
     * The difference.
     *
     * @throws IllegalArgumentException where the other is larger
     */
    public Fraction minus(Fraction other) {
        return new Fraction(
                numerator.multiply(other.denominator).subtract(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    /** The product. */
    public Fraction times(Fraction other) {
        return new Fraction(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    /** Whether this is 0. */
    public boolean isZero() {
        return numerator.signum() == 0;
    }

    /** The nearest floating-point number, for comparisons that allow for a tolerance. */
    public double toDouble() {
        return numerator.bitLength() < 1000 && denominator.bitLength() < 1000
                ? numerator.doubleValue() / denominator.doubleValue()
                : new BigDecimal(numerator)
                        .divide(new BigDecimal(denominator), MathContext.DECIMAL64)
                        .doubleValue();
    }

    @Override
    public int compareTo(Fraction other) {
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }

    /** {@code 1/3}; a whole number without the bar. */
    @Override
    public String toString() {
        return denominator.equals(BigInteger.ONE) ? numerator.toString() : numerator + "/" + denominator;
    }
}
