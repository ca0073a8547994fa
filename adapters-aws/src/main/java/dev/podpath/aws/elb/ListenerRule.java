package dev.podpath.aws.elb;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A rule of a listener (ELBv2 API {@code Rule}), or the listener's own default actions in the place of one.
 *
 * @param json the rule in its document, or the listener
 * @param actionsField the field with the actions
 */
record ListenerRule(Json json, String actionsField) {
    /** A rule of {@code describe-rules}. */
    static ListenerRule of(Json json) {
        return new ListenerRule(json, "Actions");
    }

    /** What a listener does where no rule matches. */
    static ListenerRule defaultOf(Listener listener) {
        return new ListenerRule(listener.json(), "DefaultActions");
    }

    boolean isDefault() {
        return actionsField.equals("DefaultActions")
                || json.isTrue("IsDefault")
                || json.textOr("", "Priority").equals("default");
    }

    /** 1 is asked first; empty for the default rule and where the document does not say. */
    Option<Integer> priority() {
        return isDefault() ? Option.none() : json.integer("Priority");
    }

    Vector<Json> conditions() {
        return json.items("Conditions");
    }

    /** In the order they are carried out. */
    Vector<Json> actions() {
        return json.items(actionsField).sortBy(action -> action.integer("Order").getOrElse(Integer.MAX_VALUE));
    }

    Vector<Json> transforms() {
        return json.items("Transforms");
    }

    /** Equal for rules that do the same. */
    String effect() {
        return json.at(actionsField) + " " + json.at("Transforms");
    }

    String title() {
        return isDefault() ? "the default rule" : "rule " + json.textOr("?", "Priority");
    }

    Evidence evidence() {
        return json.evidence("Priority", "Conditions", actionsField, "Transforms");
    }
}
