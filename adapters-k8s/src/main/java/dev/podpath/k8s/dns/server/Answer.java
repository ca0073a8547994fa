package dev.podpath.k8s.dns.server;

import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What a name server answers.
 *
 * @param code how
 * @param records the records of the answer
 * @param why what led to it, in order; the last decided
 * @param service the service that the name is of
 * @param oneEndpoint whether the name is of an endpoint of the service rather than of the service
 * @param forward where the question is handed on to, for {@link Code#FORWARDED}
 */
public record Answer(
        Code code,
        Vector<ResourceRecord> records,
        Vector<Decision> why,
        Option<ServiceKey> service,
        boolean oneEndpoint,
        Option<Forward> forward) {
    /**
     * A question that is handed on.
     *
     * @param name the name that is asked for, which may have been rewritten
     * @param servers who is asked
     */
    public record Forward(String name, Vector<String> servers) {}

    /** How a name server answers. */
    public enum Code {
        /** There are records. */
        RECORDS("records"),
        /** The name exists, a record of this type does not (NODATA: NOERROR without an answer). */
        NO_DATA("NODATA"),
        /** The name does not exist. */
        NAME_ERROR("NXDOMAIN"),
        /** The server failed. */
        FAILURE("SERVFAIL"),
        /** The server does not serve the zone. */
        REFUSED("REFUSED"),
        /** Another server is asked. */
        FORWARDED("forwarded"),
        /** It cannot be told. */
        UNTOLD("unknown");

        private final String word;

        Code(String word) {
            this.word = word;
        }

        /** As tools print it. */
        public String word() {
            return word;
        }
    }

    static Answer records(Vector<ResourceRecord> records, String why, Vector<Evidence> evidence) {
        return new Answer(
                Code.RECORDS,
                records,
                Vector.of(Decision.found(why).with(evidence)),
                Option.none(),
                false,
                Option.none());
    }

    static Answer without(Code code, String why, Vector<Evidence> evidence) {
        return new Answer(
                code,
                Vector.empty(),
                Vector.of(Decision.notFound(why).with(evidence)),
                Option.none(),
                false,
                Option.none());
    }

    static Answer untold(String why, Missing... missing) {
        return new Answer(
                Code.UNTOLD,
                Vector.empty(),
                Vector.of(Decision.unknown(why, missing)),
                Option.none(),
                false,
                Option.none());
    }

    static Answer forwarded(String name, Vector<String> servers, String why, Vector<Evidence> evidence) {
        return new Answer(
                Code.FORWARDED,
                Vector.empty(),
                Vector.of(Decision.chose(why).with(evidence)),
                Option.none(),
                false,
                Option.some(new Forward(name, servers)));
    }

    Answer of(ServiceKey key) {
        return new Answer(code, records, why, Option.some(key), false, forward);
    }

    Answer ofEndpoint(ServiceKey key) {
        return new Answer(code, records, why, Option.some(key), true, forward);
    }

    /** The same with what was decided before. */
    public Answer after(Vector<Decision> before) {
        return before.isEmpty()
                ? this
                : new Answer(code, records, before.appendAll(why), service, oneEndpoint, forward);
    }

    Answer with(Vector<ResourceRecord> other) {
        return new Answer(code, other, why, service, oneEndpoint, forward);
    }

    /** Whether there are records. */
    public boolean isPositive() {
        return code == Code.RECORDS;
    }
}
