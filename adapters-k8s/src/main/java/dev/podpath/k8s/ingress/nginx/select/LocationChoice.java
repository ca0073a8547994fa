package dev.podpath.k8s.ingress.nginx.select;

import dev.podpath.k8s.ingress.nginx.pcre.RegexMatch;
import io.vavr.control.Option;

/**
 * What the locations of a server say to a path.
 *
 * @param location the location; empty where none matches
 * @param how why
 * @param remembered the prefix that was set aside for the regular expression that was chosen
 * @param regex what the expression captured, where one was chosen
 */
public record LocationChoice(
        Option<LocationBlock> location, How how, Option<LocationBlock> remembered, Option<RegexMatch> regex) {
    /** Why a location is chosen. */
    public enum How {
        /** It is exactly the path. */
        EXACT("the path is exactly this"),
        /** It is the longest prefix, and no regular expression matches. */
        PREFIX("longest matching prefix, and no regular expression matches"),
        /** It is the longest prefix, and forbids regular expressions. */
        PREFIX_ONLY("longest matching prefix with ^~, so no regular expression is asked"),
        /** It is the first regular expression that matches. */
        REGEX("first regular expression in the file that matches"),
        /** The path lacks only its slash: the client is redirected. */
        SLASH("the path lacks only the slash at its end"),
        /** No location matches. */
        NONE("no location matches");

        private final String words;

        How(String words) {
            this.words = words;
        }

        /** In words. */
        public String words() {
            return words;
        }
    }

    /** Whether the client is redirected to the location's name. */
    public boolean isSlashRedirect() {
        return how == How.SLASH;
    }
}
