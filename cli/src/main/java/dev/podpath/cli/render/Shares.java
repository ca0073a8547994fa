package dev.podpath.cli.render;

import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Share;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Shares as people read them. */
final class Shares {
    private static final int READABLE = 7;

    private Shares() {}

    /** The exact fraction; with its percentage beside it where nobody could tell it from the fraction. */
    static String text(Share share) {
        String text = share.toString();
        return share instanceof Share.Exact exact && text.length() > READABLE
                ? text + " (" + percent(exact.value()) + " %)"
                : text;
    }

    private static String percent(Fraction value) {
        return new BigDecimal(value.numerator())
                .multiply(BigDecimal.valueOf(100))
                .divide(new BigDecimal(value.denominator()), 4, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }
}
