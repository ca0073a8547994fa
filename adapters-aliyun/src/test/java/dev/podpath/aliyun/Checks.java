package dev.podpath.aliyun;

import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.Outcome;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;

/** What tests look at. */
final class Checks {
    private Checks() {}

    static Vector<Disposition> ends(Trace trace) {
        return trace.outcomes().map(Outcome::disposition).distinct();
    }

    static Vector<String> codes(Trace trace) {
        return trace.findings().map(placed -> placed.finding().code().code());
    }

    /** Every decision of the trace in one text. */
    static String said(Trace trace) {
        return trace.hops()
                .flatMap(hop -> hop.hop().decisions())
                .map(decision -> decision.action() + " " + decision.text() + " " + decision.missing())
                .mkString("\n");
    }

    /** Addresses the trace is delivered to, with their shares. */
    static Vector<String> delivered(Trace trace) {
        return trace.outcomes()
                .filter(outcome -> outcome.disposition() == Disposition.DELIVERED)
                .map(outcome -> outcome.target().address().map(Object::toString).getOrElse("?") + " " + outcome.share())
                .sorted();
    }

    static Fraction sum(Hop hop) {
        return hop.branches()
                .map(branch -> ((Share.Exact) branch.share()).value())
                .foldLeft(Fraction.ZERO, Fraction::plus);
    }
}
