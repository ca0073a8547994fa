package dev.podpath.cli;

import dev.podpath.cli.verify.ReportMaker;
import dev.podpath.cli.verify.Shard;
import dev.podpath.cli.verify.VerifyReport;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.verify.Verification;
import dev.podpath.ports.Analysis;
import dev.podpath.ports.Podpath;
import dev.podpath.ports.request.VerifyRequest;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import jakarta.inject.Inject;
import jakarta.inject.Provider;

/** Verifies what a user asks for and reports on it. */
final class Verifier {
    private final Provider<Podpath> podpath;

    @Inject
    Verifier(Provider<Podpath> podpath) {
        this.podpath = podpath;
    }

    /**
     * What is asked for.
     *
     * @param snapshot where the documents are
     * @param nodes nodes; empty for all
     * @param services services; empty for all
     * @param shard which part of the nodes; empty for all of them
     */
    record Question(String snapshot, Vector<String> nodes, Vector<ServiceKey> services, Option<Shard> shard) {}

    /** The report; or why there can be none. */
    Either<String, VerifyReport> verify(Question question, VerifyRequest.Progress progress) {
        return open(question.snapshot()).flatMap(analysis -> verify(analysis, question, progress));
    }

    /** A snapshot; or why it cannot be opened. */
    Either<String, Analysis> open(String where) {
        return podpath.get().open(where).mapLeft(Object::toString);
    }

    /** The same of a snapshot that has been read. */
    static Either<String, VerifyReport> verify(Analysis analysis, Question question, VerifyRequest.Progress progress) {
        return result(analysis, question, progress)
                .map(result -> ReportMaker.of(
                        question.snapshot(),
                        question.shard(),
                        analysis.cluster(),
                        question.services(),
                        result,
                        analysis.problems()));
    }

    private static Either<String, Verification> result(
            Analysis analysis, Question question, VerifyRequest.Progress progress) {
        VerifyRequest request = VerifyRequest.everything()
                .ofNodes(question.nodes())
                .ofServices(question.services())
                .telling(progress);
        if (question.shard().isEmpty()) {
            return analysis.verify(request);
        }
        Vector<String> all = question.nodes().isEmpty() ? analysis.verifiableNodes() : question.nodes();
        Vector<String> mine = all.filter(question.shard().get()::has);
        // A request that names no node asks for all.
        return mine.isEmpty() ? Either.right(new Verification(Vector.empty())) : analysis.verify(request.ofNodes(mine));
    }
}
