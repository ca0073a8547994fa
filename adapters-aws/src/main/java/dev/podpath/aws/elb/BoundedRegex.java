package dev.podpath.aws.elb;

import io.vavr.control.Option;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions out of documents, with a bound on the work all of them together may take. The load balancer's
 * dialect has no look-around, back references, possessive quantifiers or Unicode classes (Application Load Balancer
 * guide, "Transforms for listener rules"); what is left means the same here.
 */
final class BoundedRegex {
    private static final int LONGEST = 1024;
    private static final int STEPS = 500_000;

    private int left = STEPS;

    /** Whether the expression matches: the whole text, a part of it, or not at all. */
    enum Match {
        WHOLE,
        PART,
        NOT,
        /** The expression cannot be evaluated. */
        UNKNOWN
    }

    /** Looks for the expression in the text. */
    Match match(String expression, String text, boolean ignoreCase) {
        try {
            Option<Matcher> matcher = matcher(expression, text, ignoreCase);
            if (matcher.isEmpty()) {
                return Match.UNKNOWN;
            }
            if (matcher.get().matches()) {
                return Match.WHOLE;
            }
            return matcher.get().reset().find() ? Match.PART : Match.NOT;
        } catch (TooMuch | StackOverflowError e) {
            return Match.UNKNOWN;
        }
    }

    /**
     * Replaces the first match, with {@code $1} … for groups.
     *
     * @return the text after that, the text itself where there is no match; empty where it cannot be evaluated
     */
    Option<String> replace(String expression, String replacement, String text) {
        try {
            return matcher(expression, text, false).map(matcher -> matcher.replaceFirst(replacement));
        } catch (TooMuch | StackOverflowError | IllegalArgumentException | IndexOutOfBoundsException e) {
            return Option.none();
        }
    }

    private Option<Matcher> matcher(String expression, String text, boolean ignoreCase) {
        if (expression.length() > LONGEST) {
            return Option.none();
        }
        try {
            Pattern pattern = Pattern.compile(expression, ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
            return Option.some(pattern.matcher(new Counted(text)));
        } catch (PatternSyntaxException e) {
            return Option.none();
        }
    }

    /** Thrown out of the matcher when the work is too much; never leaves this class. */
    private static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooMuch() {
            super("too much work", null, false, false);
        }
    }

    /** A text that counts how often it is looked at: a matcher looks at a character in every step it takes. */
    private final class Counted implements CharSequence {
        private final String text;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooMuch();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
