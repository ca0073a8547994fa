package dev.podpath.k8s.dns;

import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import io.vavr.collection.Vector;

/** What the cluster's DNS answers to one name. */
sealed interface ZoneAnswer {
    /**
     * The name exists, or whether it does cannot be told: then there is no branch, and asking goes no further.
     *
     * @param decision what was found, or what is missing
     * @param branches where the answer leads
     * @param assumptions what is taken for granted
     */
    record Found(Decision decision, Vector<Branch> branches, Vector<String> assumptions) implements ZoneAnswer {}

    /**
     * The name does not exist (NXDOMAIN).
     *
     * @param why what was looked up in vain
     */
    record None(Decision why) implements ZoneAnswer {}

    /** The name exists. */
    static ZoneAnswer found(Decision decision, Vector<Branch> branches) {
        return new Found(decision, branches, Vector.empty());
    }

    /** It cannot be told. */
    static ZoneAnswer untold(Decision unknown) {
        return new Found(unknown, Vector.empty(), Vector.empty());
    }
}
