package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.trace.Share;
import dev.podpath.k8s.ingress.nginx.pcre.Pcre;
import dev.podpath.k8s.ingress.nginx.pcre.RegexBudget;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * What a header or cookie says of canary or not ({@code route_to_alternative_balancer} of ingress-nginx's {@code balancer.lua}).
 *
 * @param canary true for the canary, false against it; empty where chance decides
 * @param why the header or cookie, or what could not be told of it; empty where there was none
 */
record CanaryChoice(Option<Boolean> canary, String why) {
    /** Neither header nor cookie says anything. */
    static final CanaryChoice NONE = new CanaryChoice(Option.none(), "");

    /** {@code always} and {@code never} choose, anything else does not. */
    static CanaryChoice named(String what, String value) {
        return switch (value) {
            case "always" -> new CanaryChoice(Option.some(true), what + " is always");
            case "never" -> new CanaryChoice(Option.some(false), what + " is never");
            default -> NONE;
        };
    }

    /** A header with the value asked for chooses the canary; another value says nothing. */
    static CanaryChoice when(boolean equal, String what) {
        return equal ? new CanaryChoice(Option.some(true), what + " is the value asked for") : NONE;
    }

    /** A header that fits the expression anywhere chooses the canary. */
    static CanaryChoice matching(String pattern, String value, String what) {
        Either<String, Boolean> found = Pcre.compile(pattern, false)
                .flatMap(compiled -> compiled.find(value, RegexBudget.standard()))
                .map(Option::isDefined);
        return found.fold(
                why -> new CanaryChoice(Option.none(), what + " was not compared with " + pattern + ": " + why),
                fits -> fits ? new CanaryChoice(Option.some(true), what + " matches " + pattern) : NONE);
    }

    boolean isMade() {
        return canary.isDefined();
    }

    Option<Share> share() {
        return canary.map(yes -> yes ? Share.all() : Share.none());
    }

    Option<Share> rest() {
        return canary.map(yes -> yes ? Share.none() : Share.all());
    }
}
