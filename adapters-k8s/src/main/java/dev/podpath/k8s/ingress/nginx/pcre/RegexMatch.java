package dev.podpath.k8s.ingress.nginx.pcre;

import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What a regular expression matched.
 *
 * @param start offset of the first character matched
 * @param end offset behind the last
 * @param groups the captures, the whole match first; empty where a group took no part
 * @param named numbers of the named groups
 */
public record RegexMatch(int start, int end, Vector<Option<String>> groups, Map<String, Integer> named) {
    /** The capture of this number; empty text where it took no part or is not there, as nginx has it. */
    public String group(int number) {
        return number < groups.size() ? groups.get(number).getOrElse("") : "";
    }
}
