package dev.podpath.core.location;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import io.vavr.control.Option;

/**
 * What travels with a request from hop to hop.
 *
 * @param protocol transport protocol
 * @param source source address as the next hop sees it; empty where it is not known
 * @param http the HTTP request inside, where there is one
 */
public record Flow(Protocol protocol, Option<IpAddress> source, Option<HttpRequest> http) {
    /** The same request seen from another source address. */
    public Flow from(IpAddress newSource) {
        return new Flow(protocol, Option.some(newSource), http);
    }

    /** The same request from a source that is not known. */
    public Flow fromUnknown() {
        return new Flow(protocol, Option.none(), http);
    }

    /** The same connection with another HTTP request inside. */
    public Flow with(HttpRequest request) {
        return new Flow(protocol, source, Option.some(request));
    }
}
