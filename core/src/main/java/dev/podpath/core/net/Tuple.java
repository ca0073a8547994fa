package dev.podpath.core.net;

import io.vavr.control.Option;

/**
 * The addresses of a connection as seen at one point of the path.
 *
 * @param protocol transport protocol
 * @param source where the connection comes from at this point; empty where it is not known
 * @param destination where it goes at this point
 */
public record Tuple(Protocol protocol, Option<AddressPort> source, AddressPort destination) {
    /** {@code tcp 10.0.0.1 -> 10.0.0.2:80}; a source port that is open is not written. */
    @Override
    public String toString() {
        String from = source.map(s -> s.port() == 0 ? s.address().toString() : s.toString())
                .getOrElse("?");
        return protocol.lower() + " " + from + " -> " + destination;
    }
}
