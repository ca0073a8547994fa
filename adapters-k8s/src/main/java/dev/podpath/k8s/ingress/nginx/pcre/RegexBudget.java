package dev.podpath.k8s.ingress.nginx.pcre;

/**
 * How much work regular expressions may do for one request, counted in steps of the matcher, so that the result does not
 * depend on the machine's speed. Not for several threads.
 */
public final class RegexBudget {
    /** Steps for one request unless told otherwise; PCRE's own limit for one match is 10,000,000. */
    public static final int DEFAULT = 5_000_000;

    private int left;

    /** A budget of this many steps. */
    public RegexBudget(int steps) {
        this.left = steps;
    }

    /** The usual budget of a request. */
    public static RegexBudget standard() {
        return new RegexBudget(DEFAULT);
    }

    /** Takes a step; false where none is left. */
    boolean step() {
        return left-- > 0;
    }
}
