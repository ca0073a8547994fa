package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Leads from the lines of predicted documents, which no snapshot holds, to the objects they come from.
 *
 * @param conf path of the predicted {@code nginx.conf}
 * @param lines the objects behind each line
 * @param backends path of the predicted list of backends
 * @param upstreams the objects behind each backend
 */
public record Sources(
        String conf, Vector<Vector<Evidence>> lines, String backends, Vector<Vector<Evidence>> upstreams) {
    /** Nothing was predicted: every document is the snapshot's. */
    public static final Sources NONE = new Sources("", Vector.empty(), "", Vector.empty());

    /** What stands for a piece of evidence. */
    public Vector<Evidence> of(Evidence evidence) {
        if (evidence.document().equals(conf)) {
            return evidence.line()
                    .filter(line -> line >= 1 && line <= lines.size())
                    .map(line -> lines.get(line - 1))
                    .getOrElse(Vector.empty());
        }
        if (evidence.document().equals(backends)) {
            return evidence.pointer()
                    .flatMap(Sources::index)
                    .filter(index -> index < upstreams.size())
                    .map(upstreams::get)
                    .getOrElse(Vector.empty());
        }
        return Vector.of(evidence);
    }

    /** The decision with the evidence of the snapshot. */
    public Decision of(Decision decision) {
        return new Decision(
                decision.action(),
                decision.text(),
                decision.evidence().flatMap(this::of).distinct(),
                decision.translation(),
                decision.missing());
    }

    /** The finding with the evidence of the snapshot. */
    public Finding of(Finding finding) {
        return new Finding(
                finding.code(),
                finding.severity(),
                finding.message(),
                finding.evidence().flatMap(this::of).distinct());
    }

    private static Option<Integer> index(String pointer) {
        int end = pointer.indexOf('/', 1);
        String first = pointer.isEmpty() ? "" : pointer.substring(1, end < 0 ? pointer.length() : end);
        return first.matches("[0-9]{1,9}") ? Option.some(Integer.parseInt(first)) : Option.none();
    }
}
