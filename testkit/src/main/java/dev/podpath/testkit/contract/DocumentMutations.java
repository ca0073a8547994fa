package dev.podpath.testkit.contract;

import io.vavr.Tuple2;
import io.vavr.collection.Map;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Documents that were cut off, garbled or put together wrongly. */
public final class DocumentMutations {
    private DocumentMutations() {}

    /** The documents with one of them damaged, or gone. */
    public static Arbitrary<Map<String, String>> oneDamaged(Map<String, String> documents) {
        return Arbitraries.of(documents.keySet().toJavaList().stream().sorted().toList())
                .flatMap(name -> damaged(documents.getOrElse(name, ""))
                        .map(text -> text.isEmpty() ? documents.remove(name) : documents.put(name, text)));
    }

    /** A text with one or two damages; empty text where it is gone. */
    public static Arbitrary<String> damaged(String text) {
        Arbitrary<Damage> damages = Combinators.combine(
                        Arbitraries.of(Damage.Kind.class),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.strings().ofMaxLength(6))
                .as(Damage::new);
        return damages.list().ofMinSize(1).ofMaxSize(2).map(list -> {
            String result = text;
            for (Damage damage : list) {
                result = damage.apply(result);
            }
            return result;
        });
    }

    /** A damage at a place that is given as a part of the length. */
    private record Damage(Kind kind, double at, double size, String noise) {
        enum Kind {
            TRUNCATE,
            INSERT,
            REPLACE,
            DROP_LINE,
            REPEAT_LINE,
            SWAP_LINES,
            REMOVE
        }

        String apply(String text) {
            int place = (int) (at * text.length());
            return switch (kind) {
                case TRUNCATE -> text.substring(0, place);
                case INSERT -> text.substring(0, place) + noise + text.substring(place);
                case REPLACE ->
                    text.substring(0, place) + noise + text.substring(Math.min(text.length(), place + noise.length()));
                case DROP_LINE, REPEAT_LINE, SWAP_LINES -> lines(text);
                case REMOVE -> "";
            };
        }

        private String lines(String text) {
            List<String> lines = new ArrayList<>(text.lines().toList());
            if (lines.isEmpty()) {
                return text;
            }
            int line = (int) (at * (lines.size() - 1));
            int other = (int) (size * (lines.size() - 1));
            if (kind == Kind.DROP_LINE) {
                lines.remove(line);
            } else if (kind == Kind.REPEAT_LINE) {
                lines.add(other, lines.get(line));
            } else {
                lines.set(line, lines.set(other, lines.get(line)));
            }
            return String.join("\n", lines) + "\n";
        }
    }

    /** The documents, each as it would be without one of them. */
    public static List<Tuple2<String, Map<String, String>>> eachRemoved(Map<String, String> documents) {
        return documents.keySet().toJavaList().stream()
                .sorted()
                .map(name -> new Tuple2<>(name, documents.remove(name)))
                .toList();
    }
}
