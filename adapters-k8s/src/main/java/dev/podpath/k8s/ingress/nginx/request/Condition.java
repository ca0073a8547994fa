package dev.podpath.k8s.ingress.nginx.request;

import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.pcre.Pcre;
import dev.podpath.k8s.ingress.nginx.pcre.RegexMatch;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** The condition of an {@code if} ({@code ngx_http_rewrite_if_condition}). */
final class Condition {
    private Condition() {}

    /** Whether it holds; or why that is not known. */
    static Either<String, Boolean> holds(Directive directive, Variables variables) {
        Vector<String> words = words(directive.args());
        if (words.size() == 1) {
            return known(variables, words.get(0)).map(text -> !text.isEmpty() && !text.equals("0"));
        }
        if (words.size() != 3) {
            return Either.left("the condition of line " + directive.line() + " depends on more than the request");
        }
        String operator = words.get(1);
        Either<String, String> left = known(variables, words.get(0));
        if (left.isLeft()) {
            return Either.left(left.getLeft());
        }
        return switch (operator) {
            case "=" -> known(variables, words.get(2)).map(left.get()::equals);
            case "!=" -> known(variables, words.get(2)).map(right -> !right.equals(left.get()));
            case "~", "~*" -> matches(words.get(2), operator.endsWith("*"), left.get(), variables);
            case "!~", "!~*" ->
                matches(words.get(2), operator.endsWith("*"), left.get(), variables)
                        .map(matched -> !matched);
            default -> Either.left("the operator " + operator + " of line " + directive.line() + " is not known");
        };
    }

    private static Either<String, String> known(Variables variables, String template) {
        Value value = variables.text(template);
        return value.isKnown() ? Either.right(value.text()) : Either.left(value.unknown());
    }

    private static Either<String, Boolean> matches(String pattern, boolean caseless, String text, Variables variables) {
        Either<String, Option<RegexMatch>> match =
                Pcre.compile(pattern, caseless).flatMap(pcre -> pcre.find(text, variables.budget()));
        match.forEach(found -> found.forEach(variables::capture));
        return match.map(Option::isDefined);
    }

    /** The words between the parentheses, which may stand alone or at a word. */
    private static Vector<String> words(Vector<String> args) {
        if (args.isEmpty() || !args.head().startsWith("(") || !args.last().endsWith(")")) {
            return Vector.empty();
        }
        Vector<String> opened = args.head().equals("(")
                ? args.tail()
                : args.update(0, args.head().substring(1));
        if (opened.isEmpty()) {
            return opened;
        }
        String last = opened.last();
        return last.equals(")")
                ? opened.init()
                : opened.update(opened.size() - 1, last.substring(0, last.length() - 1));
    }
}
