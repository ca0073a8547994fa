package dev.podpath.aliyun.security;

/** Whether a rule is for a connection. */
enum Match {
    /** It is. */
    YES,
    /** It is not. */
    NO,
    /** It depends on what is not known. */
    MAYBE;

    static Match of(boolean matches) {
        return matches ? YES : NO;
    }

    Match and(Match other) {
        return this == NO || other == NO ? NO : this == MAYBE || other == MAYBE ? MAYBE : YES;
    }
}
