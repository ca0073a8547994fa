package dev.podpath.k8s.ingress.nginx.pcre;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.control.Either;
import io.vavr.control.Option;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assertions;

class PcreTest {
    private static boolean matches(String pattern, String text) {
        return Pcre.compile(pattern, false)
                .get()
                .find(text, RegexBudget.standard())
                .get()
                .isDefined();
    }

    private static String match(String pattern, String text) {
        RegexMatch match = Pcre.compile(pattern, false)
                .get()
                .find(text, RegexBudget.standard())
                .get()
                .get();
        return match.groups().map(group -> group.getOrElse("-")).mkString("|");
    }

    @Example
    void readsWhatMeansSomethingElseElsewhere() {
        assertThat(matches("[a&&b]c", "&c")).isTrue();
        assertThat(matches("[[a]b", "[b")).isTrue();
        assertThat(matches("[]a]+$", "]a]")).isTrue();
        assertThat(matches("[^]]", "]")).isFalse();
        assertThat(matches("a{,x}", "a{,x}")).isTrue();
        assertThat(matches("x{", "x{")).isTrue();
        assertThat(matches("^[\\w-.]+$", "a-.")).isTrue();
        assertThat(matches("[[:alpha:]_]{2}", "a_")).isTrue();
        assertThat(matches("[[:^digit:]]", "1")).isFalse();
        assertThat(matches("\\bfoo\\b", "a foo.")).isTrue();
        assertThat(matches("\\x41\\x{42}\\012?", "AB")).isTrue();
        assertThat(matches("^a$", "a\n")).isTrue();
        assertThat(matches("^a\\z", "a\n")).isFalse();
        assertThat(matches("a.b", "a\nb")).isFalse();
        assertThat(matches("(?s)a.b", "a\nb")).isTrue();
        assertThat(matches("(?m)^b", "a\nb")).isTrue();
        assertThat(matches("a(?i)b|c", "C")).isTrue();
        assertThat(matches("(?#not this)a", "a")).isTrue();
        assertThat(matches("\\Qa.b\\E+c", "a.bbc")).isTrue();
        assertThat(matches("(?<!a)b", "ab")).isFalse();
        assertThat(matches("(?<=a|bc)d", "bcd")).isTrue();
        assertThat(matches("(?>a+)ab", "aaab")).isFalse();
        assertThat(matches("a++ab", "aaab")).isFalse();
        assertThat(matches("^(a|ab)(c|bcd)(d*)$", "abcd")).isTrue();
        assertThat(matches("^(?:a?){3}b", "b")).isTrue();
    }

    @Example
    void capturesByNumberAndName() {
        assertThat(match("/(a|b)(c)?/(.*)", "x/a/rest")).isEqualTo("/a/rest|a|-|rest");
        assertThat(match("(a*)*b", "aab")).isEqualTo("aab|");
        assertThat(match("(?<first_one>\\w)(?P<second>\\w)\\k<second>\\1", "abba"))
                .isEqualTo("abba|a|b");
        RegexMatch named = Pcre.compile("(?<sub_x>.+)\\.example", false)
                .get()
                .find("a.b.example", RegexBudget.standard())
                .get()
                .get();
        assertThat(named.group(named.named().get("sub_x").get())).isEqualTo("a.b");
        assertThat(named.group(7)).isEmpty();
    }

    @Example
    void refusesWhatItDoesNotKnow() {
        for (String pattern : new String[] {
            "(?R)",
            "(?1)",
            "(*UTF8)a",
            "(?|a|b)",
            "\\p{L}",
            "a\\Kb",
            "(?(1)a|b)",
            "(",
            ")",
            "[a",
            "a**",
            "(?<n>a)(?<n>b)",
            "\\",
            "a{,3}",
            "(?x)a b",
            "(?U)a",
            "\\g1",
            "(?<=a+)b",
            "a{70000}",
            "(?'n",
            "[[.a.]]",
            "[z-a]",
            "((a{200}){200}){200}",
            "\\2",
            "\\Xa"
        }) {
            assertThat(Pcre.compile(pattern, false).isLeft()).as(pattern).isTrue();
        }
        assertThat(Pcre.compile("(".repeat(2_000) + ")".repeat(2_000), false).isLeft())
                .isTrue();
        assertThat(Pcre.compile("(?:(?:(?:){65535}){65535}){65535}", false).isLeft())
                .isTrue();
        assertThat(Pcre.compile("a".repeat(5_000), false).isLeft()).isTrue();
    }

    @Example
    void neverRunsAway() {
        Assertions.assertTimeout(Duration.ofSeconds(10), () -> {
            for (String pattern : new String[] {
                "(a+)+$",
                "(a|a|a)*$",
                "(?:|)".repeat(600) + "x",
                "(?:(?:|)(?:|)){200}x",
                "(a*)*\\1*b",
                "(?=(a+)+$)b",
                "(?:a?){100}a{100}$",
                "(.*)*(.*)*(.*)*x",
                "((a*)*)*b",
                "^(([a-z])+.)+[A-Z]([a-z])+$"
            }) {
                Either<String, Option<RegexMatch>> result =
                        Pcre.compile(pattern, false).get().find("a".repeat(3_000) + "!", RegexBudget.standard());
                assertThat(result.isLeft()
                                || result.get().isEmpty()
                                || result.get().isDefined())
                        .isTrue();
            }
        });
    }

    /** Both engines know these constructs and mean the same by them. */
    @Property(tries = 5000, edgeCases = EdgeCasesMode.NONE)
    void agreesWithJavaOnTheCommonPart(
            @ForAll("patterns") String pattern,
            @ForAll @StringLength(max = 12) @CharRange(from = 'a', to = 'c') String text,
            @ForAll boolean caseless) {
        String subject = caseless ? text.toUpperCase(Locale.ROOT) : text;
        Matcher java = Pattern.compile(pattern, Pattern.UNIX_LINES | (caseless ? Pattern.CASE_INSENSITIVE : 0))
                .matcher(subject);
        Option<RegexMatch> here = Pcre.compile(pattern, caseless)
                .get()
                .find(subject, new RegexBudget(50_000_000))
                .get();
        boolean found = java.find();
        assertThat(here.isDefined()).isEqualTo(found);
        if (found) {
            assertThat(here.get().start()).isEqualTo(java.start());
            assertThat(here.get().end()).isEqualTo(java.end());
        }
    }

    @Provide
    Arbitrary<String> patterns() {
        return patterns(3);
    }

    private static Arbitrary<String> patterns(int depth) {
        Arbitrary<String> plain = Arbitraries.of("a", "b", "c", ".", "[ab]", "[^a]", "\\w", "(?=a)", "(?!b)", "^", "$");
        Arbitrary<String> repeated = Combinators.combine(
                        Arbitraries.of("a", "b", "[bc]", "(?:ab)", "(a|bc)", "(?:a|ab)"),
                        Arbitraries.of("*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{1,}", "*+", "{0,2}?"))
                .as((atom, quantifier) -> atom + quantifier);
        if (depth == 0) {
            return Arbitraries.oneOf(plain, repeated);
        }
        Arbitrary<String> inner = patterns(depth - 1);
        return Arbitraries.oneOf(
                repeated,
                Combinators.combine(inner, inner).as((a, b) -> a + b),
                Combinators.combine(inner, inner).as((a, b) -> "(?:" + a + "|" + b + ")"),
                inner.map(a -> "(" + a + ")"),
                inner.map(a -> "(?>" + a + ")"));
    }

    @Property(tries = 3000)
    void compilesAnyTextOrSaysWhyNot(@ForAll @StringLength(max = 40) String text, @ForAll("fragments") String pattern) {
        Pcre.compile(text, true).forEach(pcre -> pcre.find(text, new RegexBudget(20_000)));
        Pcre.compile(pattern, false).forEach(pcre -> pcre.find("aab/b", new RegexBudget(20_000)));
    }

    @Provide
    Arbitrary<String> fragments() {
        return Arbitraries.of(
                        "a", "(", ")", "[", "]", "{", "}", "?", "*", "+", "|", "\\", "^", "-", ":", "<", "=", "!", "1",
                        ",", "i", "P", "x", "[:")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join("", parts));
    }
}
