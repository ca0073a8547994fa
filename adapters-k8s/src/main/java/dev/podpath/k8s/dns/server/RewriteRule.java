package dev.podpath.k8s.dns.server;

import dev.podpath.k8s.dns.corefile.Corefile;
import dev.podpath.k8s.dns.corefile.Corefile.Directive;
import dev.podpath.k8s.ingress.nginx.pcre.Pcre;
import dev.podpath.k8s.ingress.nginx.pcre.RegexBudget;
import dev.podpath.k8s.ingress.nginx.pcre.RegexMatch;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * A rule of CoreDNS's {@code rewrite} plugin that changes the name asked for ({@code plugin/rewrite/name.go}).
 *
 * @param directive the rule
 * @param goesOn whether the rules after it are asked as well ({@code continue})
 * @param how {@code exact}, {@code prefix}, {@code suffix}, {@code substring} or {@code regex}
 * @param from what is compared
 * @param to what takes its place
 * @param restoresAnswer whether the answer is given for the name that was asked for
 */
record RewriteRule(Directive directive, boolean goesOn, String how, String from, String to, boolean restoresAnswer) {
    private static final Vector<String> MATCHES = Vector.of("exact", "prefix", "suffix", "substring", "regex");

    /** The rule; empty where it changes something else than the name. */
    static Option<RewriteRule> of(Directive directive) {
        if (!directive.block().isEmpty()) {
            return ofBlock(directive);
        }
        return of(directive, directive.args(), false);
    }

    /** The form with a block holds one rule for the question, and what becomes of the answer. */
    private static Option<RewriteRule> ofBlock(Directive directive) {
        Option<Directive> name = directive.block().find(each -> each.name().equals("name"));
        boolean answer = directive.block().exists(each -> each.name().equals("answer"));
        return name.flatMap(
                each -> of(directive, directive.args().append("name").appendAll(each.args()), answer));
    }

    private static Option<RewriteRule> of(Directive directive, Vector<String> words, boolean answer) {
        boolean mode = words.headOption().exists(word -> word.equals("continue") || word.equals("stop"));
        boolean goesOn = words.headOption().contains("continue");
        Vector<String> rest = mode ? words.tail() : words;
        if (!rest.headOption().contains("name")) {
            return Option.none();
        }
        Vector<String> args = rest.tail();
        boolean typed = args.headOption().exists(MATCHES::contains) && args.size() >= 3;
        Vector<String> pair = typed ? args.tail() : args;
        if (pair.size() < 2) {
            return Option.none();
        }
        String how = typed ? args.head() : "exact";
        return Option.some(new RewriteRule(
                directive,
                goesOn,
                how,
                how.equals("regex") ? pair.get(0) : pair.get(0).toLowerCase(Locale.ROOT),
                pair.get(1).toLowerCase(Locale.ROOT),
                answer || pair.drop(2).contains("answer")));
    }

    /** The name it makes of this one; empty where it does not apply; or why that cannot be told. */
    Either<String, Option<String>> apply(String name) {
        String asked = name + ".";
        String with = from.endsWith(".") ? from : from + ".";
        String target = to.endsWith(".") ? to : to + ".";
        return switch (how) {
            case "exact" -> Either.right(Option.when(asked.equals(with), () -> Corefile.name(target)));
            case "prefix" ->
                Either.right(
                        Option.when(asked.startsWith(from), () -> Corefile.name(to + asked.substring(from.length()))));
            case "suffix" ->
                Either.right(Option.when(
                        asked.endsWith(with),
                        () -> Corefile.name(asked.substring(0, asked.length() - with.length()) + target)));
            case "substring" ->
                Either.right(Option.when(asked.contains(from), () -> Corefile.name(asked.replace(from, to))));
            default -> regex(asked);
        };
    }

    private Either<String, Option<String>> regex(String asked) {
        return Pcre.compile(from, false)
                .flatMap(pattern -> pattern.find(asked, RegexBudget.standard()))
                .map(match -> match.map(found -> Corefile.name(filled(found))))
                .mapLeft(why -> "whether " + directive + " applies is not known: " + why);
    }

    private String filled(RegexMatch match) {
        String text = to;
        for (int group = 0; group <= 9; group++) {
            text = text.replace("{" + group + "}", match.group(group));
        }
        return text;
    }
}
