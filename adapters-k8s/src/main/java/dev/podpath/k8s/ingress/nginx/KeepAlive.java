package dev.podpath.k8s.ingress.nginx;

import io.vavr.control.Option;

/** Times as nginx writes them: numbers with units, the largest first, such as {@code 1m30s} ({@code ngx_parse_time}). */
final class KeepAlive {
    /** {@code keepalive_timeout} where no directive says otherwise (ngx_http_core_module). */
    static final long DEFAULT_SECONDS = 75;

    private static final String UNITS = "yMwdhms";
    private static final long[] SECONDS = {31_536_000, 2_592_000, 604_800, 86_400, 3_600, 60, 1};
    private static final long LONGEST = Integer.MAX_VALUE;

    private KeepAlive() {}

    /** Whole seconds; empty where the text is no time. */
    static Option<Long> seconds(String text) {
        long total = 0;
        long number = -1;
        int last = -1;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                number = Math.max(number, 0) * 10 + (c - '0');
                i++;
            } else {
                boolean thousandths = text.startsWith("ms", i);
                int unit = thousandths ? UNITS.length() : UNITS.indexOf(c);
                if (number < 0 || unit <= last) {
                    return Option.none();
                }
                total += thousandths ? number / 1000 : number * SECONDS[unit];
                number = -1;
                last = unit;
                i += thousandths ? 2 : 1;
            }
            if (number > LONGEST || total > LONGEST) {
                return Option.none();
            }
        }
        if (number < 0) {
            return Option.when(last >= 0, total);
        }
        return Option.when(last < UNITS.length() - 1, total + number);
    }
}
