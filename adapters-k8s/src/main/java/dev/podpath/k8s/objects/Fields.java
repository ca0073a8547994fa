package dev.podpath.k8s.objects;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads fields as kube-proxy does, and remembers those that hold what cannot be used, each with its place. A field that is
 * absent is no problem; one that is there and makes no sense is, because leaving it out silently makes another cluster.
 */
final class Fields {
    /** So many places are named in one document; the rest is counted. */
    private static final int NAMED_PER_DOCUMENT = 100;

    private static final int EXCERPT = 80;

    private final List<DocumentProblem> problems = new ArrayList<>();
    private final Map<String, Integer> places = new TreeMap<>();
    private final boolean tentative;
    private boolean clean = true;

    /** Fields that are read for good. */
    Fields() {
        this(false);
    }

    /**
     * Fields.
     *
     * @param tentative whether it matters only that there is a problem, not which: where it stands takes time to tell
     */
    Fields(boolean tentative) {
        this.tentative = tentative;
    }

    /** Addresses, leading zeros being decimal; empty text and {@code None} stand for no address. */
    Vector<IpAddress> addresses(Json owner, String field, Iterable<String> texts) {
        List<IpAddress> values = new ArrayList<>(2);
        for (String text : texts) {
            address(owner, field, text, values);
        }
        return of(values);
    }

    /** The addresses in an array field. */
    List<IpAddress> addresses(Json owner, String field) {
        List<IpAddress> values = new ArrayList<>(2);
        owner.forEachText(field, text -> address(owner, field, text, values));
        return values;
    }

    private void address(Json owner, String field, String text, List<IpAddress> to) {
        if (text.isBlank() || text.equals("None")) {
            return;
        }
        Option<IpAddress> address = LenientAddress.parse(text);
        if (address.isDefined()) {
            to.add(address.get());
        } else {
            unusable(owner, field, text, "an IP address");
        }
    }

    /** Address prefixes; a bare address stands for itself alone. */
    Vector<IpPrefix> prefixes(Json owner, String field, Iterable<String> texts) {
        List<IpPrefix> values = new ArrayList<>(0);
        for (String text : texts) {
            if (!text.isBlank()) {
                LenientAddress.prefix(text)
                        .peek(values::add)
                        .onEmpty(() -> unusable(owner, field, text, "an address prefix such as 10.0.0.0/8"));
            }
        }
        return of(values);
    }

    private static <T> Vector<T> of(List<T> values) {
        return switch (values.size()) {
            case 0 -> Vector.empty();
            case 1 -> Vector.of(values.get(0));
            default -> Vector.ofAll(values);
        };
    }

    /** A port number, 1 to 65535; zero stands for none. */
    Option<Integer> port(Json owner, String field) {
        Option<Integer> number = owner.integer(field);
        if (number.isDefined() && number.get() > 0 && number.get() <= 65535) {
            return number;
        }
        Json value = owner.at(field);
        if (value.isPresent() && !number.contains(0)) {
            unusable(owner, field, value.text().getOrElse("no number"), "a port from 1 to 65535");
        }
        return Option.none();
    }

    /** {@code protocol}; TCP where it is not given. */
    Option<Protocol> protocol(Json owner) {
        String text = owner.textOr("TCP", "protocol");
        Option<Protocol> protocol = Protocol.parse(text);
        if (protocol.isEmpty()) {
            unusable(owner, "protocol", text, "TCP, UDP or SCTP");
        }
        return protocol;
    }

    /** An object that cannot be used at all. */
    void unusable(Json object, String found, String expected) {
        clean = false;
        if (tentative) {
            return;
        }
        String document = object.document().path();
        int before = places.merge(document, 1, Integer::sum) - 1;
        if (before < NAMED_PER_DOCUMENT) {
            problems.add(new DocumentProblem(
                    document,
                    line(object),
                    object.pointer().isEmpty() ? found : found + " at " + object.pointer(),
                    expected,
                    "capture the document again"));
        }
    }

    private static Option<Integer> line(Json object) {
        return object.isObject() ? object.evidenceOfPaths().line() : Option.none();
    }

    /** Whether there was no problem until now. */
    boolean isClean() {
        return clean;
    }

    /** A problem found by somebody else. */
    void add(DocumentProblem problem) {
        clean = false;
        problems.add(problem);
    }

    /** Adds the problems of what was read apart; those of further places of one document are only counted, too. */
    void absorb(Fields later) {
        Map<String, Integer> named = new HashMap<>();
        for (DocumentProblem problem : later.problems) {
            int before =
                    places.getOrDefault(problem.document(), 0) + named.merge(problem.document(), 1, Integer::sum) - 1;
            if (before < NAMED_PER_DOCUMENT) {
                problems.add(problem);
            }
        }
        later.places.forEach((document, count) -> places.merge(document, count, Integer::sum));
    }

    Vector<DocumentProblem> problems() {
        Vector<DocumentProblem> rest = Vector.ofAll(places.entrySet())
                .filter(entry -> entry.getValue() > NAMED_PER_DOCUMENT)
                .map(entry -> DocumentProblem.of(
                        entry.getKey(),
                        "such problems at " + (entry.getValue() - NAMED_PER_DOCUMENT) + " further places",
                        "what kubectl get -o json prints"));
        return Vector.ofAll(problems).appendAll(rest);
    }

    private void unusable(Json owner, String field, String found, String expected) {
        String text = found.length() <= EXCERPT ? found : found.substring(0, EXCERPT) + "…";
        unusable(owner, "'" + text + "' as " + field, expected);
    }
}
