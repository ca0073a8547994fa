package dev.podpath.testkit.reference;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * The text of a {@code statistic} match. kube-proxy writes 1/n with ten decimals (five up to 1.23); the kernel keeps
 * {@code lround(p * 2^31)}, and {@code iptables-save} prints that with eleven decimals (iptables
 * {@code extensions/libxt_statistic.c}).
 */
final class Probability {
    private static final BigDecimal SCALE = BigDecimal.valueOf(1L << 31);

    private Probability() {}

    /** What {@code iptables-save} prints for one of {@code n}. */
    static String saved(int n, RuleStyle style) {
        double written = Double.parseDouble(written(n, style));
        long kept = Math.round(written * (1L << 31));
        return BigDecimal.valueOf(kept)
                .divide(SCALE)
                .setScale(11, RoundingMode.HALF_EVEN)
                .toPlainString();
    }

    /** What kube-proxy hands to {@code iptables-restore} for one of {@code n}. */
    static String written(int n, RuleStyle style) {
        String format = style == RuleStyle.UP_TO_1_23 ? "%.5f" : "%.10f";
        return String.format(Locale.ROOT, format, 1.0 / n);
    }
}
