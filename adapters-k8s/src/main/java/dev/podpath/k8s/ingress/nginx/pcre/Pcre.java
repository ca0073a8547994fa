package dev.podpath.k8s.ingress.nginx.pcre;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * A regular expression as nginx uses them ({@code src/core/ngx_regex.c}): PCRE without UTF mode over bytes, one per character here.
 * What is not evaluated faithfully (recursion, verbs, conditions, branch reset, {@code \K}, Unicode properties) is refused.
 */
public final class Pcre {
    private static final int MAX_LENGTH = 4_096;

    private final String source;
    private final Program program;
    private final int groups;
    private final Map<String, Integer> named;

    private Pcre(String source, Program program, int groups, Map<String, Integer> named) {
        this.source = source;
        this.program = program;
        this.groups = groups;
        this.named = named;
    }

    /**
     * Reads an expression.
     *
     * @param caseless whether ASCII letters match in both cases
     * @return the expression, or why it is not evaluated
     */
    public static Either<String, Pcre> compile(String source, boolean caseless) {
        if (source.length() > MAX_LENGTH) {
            return Either.left("the expression is longer than " + MAX_LENGTH + " bytes");
        }
        try {
            PcreParser parser = new PcreParser(source, caseless);
            Node node = parser.parse();
            Program program = Program.of(node, parser.groups());
            return Either.right(new Pcre(source, program, parser.groups(), HashMap.ofAll(parser.names())));
        } catch (Unsupported e) {
            return Either.left(e.why());
        }
    }

    /** The expression as written. */
    public String source() {
        return source;
    }

    /**
     * The first match anywhere in the text.
     *
     * @return the match or its absence; or why it cannot be told within the budget
     */
    public Either<String, Option<RegexMatch>> find(String text, RegexBudget budget) {
        Machine machine = new Machine(program, text, budget);
        int end = machine.find();
        if (end == Machine.EXHAUSTED) {
            return Either.left("evaluating the expression takes too many steps");
        }
        if (end < 0) {
            return Either.right(Option.none());
        }
        Vector<Option<String>> captures = Vector.range(0, groups + 1)
                .map(i -> machine.slot(2 * i) < 0 || machine.slot(2 * i + 1) < 0
                        ? Option.none()
                        : Option.some(text.substring(machine.slot(2 * i), machine.slot(2 * i + 1))));
        return Either.right(Option.some(new RegexMatch(machine.slot(0), end, captures, named)));
    }

    @Override
    public String toString() {
        return source;
    }
}
