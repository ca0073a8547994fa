package dev.podpath.k8s.dns;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Decision;
import dev.podpath.k8s.dns.server.Answer;
import dev.podpath.k8s.dns.server.Answer.Code;
import dev.podpath.k8s.dns.server.ResourceRecord;
import io.vavr.collection.Vector;

/**
 * A name that was asked for, with both types of addresses.
 *
 * @param name the name
 * @param v4 the answer for A
 * @param v6 the answer for AAAA
 */
record Lookup(String name, Answer v4, Answer v6) {
    /** The answer that counts: one with records where there is one. */
    Answer answer() {
        return !v4.isPositive() && (v6.isPositive() || v4.code() == Code.NO_DATA && v6.code() == Code.UNTOLD) ? v6 : v4;
    }

    Vector<IpAddress> addresses() {
        return v4.records()
                .appendAll(v6.records())
                .flatMap(ResourceRecord::address)
                .distinct();
    }

    /** What was asked and answered, in one sentence, with everything that led to it. */
    Vector<Decision> decisions(int number) {
        Answer answer = answer();
        Vector<Decision> before = answer.why().init();
        Decision last = answer.why().last();
        String words = v4.code() == v6.code() && !v4.isPositive()
                ? v4.code().word() + " for A and AAAA"
                : "A " + words(v4) + ", AAAA " + words(v6);
        String why = last.text().startsWith(name + " ") ? last.text().substring(name.length() + 1) : last.text();
        Decision said = new Decision(
                last.action(),
                "query " + number + ": " + name + ": " + words + "; " + why,
                last.evidence(),
                last.translation(),
                last.missing());
        return before.append(said);
    }

    private static String words(Answer answer) {
        Vector<String> data = answer.records().map(ResourceRecord::data).distinct();
        return answer.isPositive()
                ? data.take(4).mkString(" ") + (data.size() > 4 ? " … (" + data.size() + ")" : "")
                : answer.code().word();
    }
}
