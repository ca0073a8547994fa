package dev.podpath.k8s.dns.server;

import dev.podpath.k8s.dns.corefile.Corefile;

/**
 * What a resolver asks a name server.
 *
 * @param name lower-case name without the dot at its end
 * @param type type of record
 */
public record Question(String name, RecordType type) {
    /** A question, in whichever case it is written. */
    public static Question of(String name, RecordType type) {
        return new Question(Corefile.name(name), type);
    }

    /** The same type for another name. */
    Question about(String other) {
        return new Question(other, type);
    }

    @Override
    public String toString() {
        return name + " " + type;
    }
}
