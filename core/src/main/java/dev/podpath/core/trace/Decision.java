package dev.podpath.core.trace;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * One thing that was decided at a hop, with the evidence that decided it. What did not happen, and why, is a decision
 * too ({@link Action#SKIPPED}).
 *
 * @param action what kind of step it was
 * @param text one sentence for people
 * @param evidence the places that decided, the most important first
 * @param translation the change of addresses, where there is one
 * @param missing what is needed to decide, for {@link Action#UNKNOWN}
 */
public record Decision(
        Action action,
        String text,
        Vector<Evidence> evidence,
        Option<Translation> translation,
        Vector<Missing> missing) {

    /** Kinds of steps. */
    public enum Action {
        /** A record, object or rule was looked up and found. */
        FOUND,
        /** A record, object or rule was looked up and is not there. */
        NOT_FOUND,
        /** A rule or condition let the request pass. */
        ALLOWED,
        /** A rule or condition stopped the request. */
        DENIED,
        /** Something chose where the request goes next. */
        CHOSE,
        /** The addresses of the connection changed. */
        TRANSLATED,
        /** Something that one might expect does not apply; the text says why. */
        SKIPPED,
        /** It could not be decided; {@link Decision#missing()} says for want of what. */
        UNKNOWN
    }

    /** Something was looked up and found. */
    public static Decision found(String text, Evidence... evidence) {
        return of(Action.FOUND, text, evidence);
    }

    /** Something was looked up and is not there. */
    public static Decision notFound(String text, Evidence... evidence) {
        return of(Action.NOT_FOUND, text, evidence);
    }

    /** The request may pass. */
    public static Decision allowed(String text, Evidence... evidence) {
        return of(Action.ALLOWED, text, evidence);
    }

    /** The request is stopped. */
    public static Decision denied(String text, Evidence... evidence) {
        return of(Action.DENIED, text, evidence);
    }

    /** The next location was chosen. */
    public static Decision chose(String text, Evidence... evidence) {
        return of(Action.CHOSE, text, evidence);
    }

    /** Something did not happen; the text says why. */
    public static Decision skipped(String text, Evidence... evidence) {
        return of(Action.SKIPPED, text, evidence);
    }

    /** The addresses changed. */
    public static Decision translated(String text, Translation translation, Evidence... evidence) {
        return new Decision(Action.TRANSLATED, text, Vector.of(evidence), Option.some(translation), Vector.empty());
    }

    /** It could not be decided. */
    public static Decision unknown(String text, Missing... missing) {
        return new Decision(Action.UNKNOWN, text, Vector.empty(), Option.none(), Vector.of(missing));
    }

    /** A decision of this kind. */
    public static Decision of(Action action, String text, Evidence... evidence) {
        return new Decision(action, text, Vector.of(evidence), Option.none(), Vector.empty());
    }

    /** The same decision with further evidence. */
    public Decision with(Iterable<Evidence> more) {
        return new Decision(action, text, evidence.appendAll(more), translation, missing);
    }
}
