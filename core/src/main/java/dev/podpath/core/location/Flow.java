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
 * @param handover what the proxy before did with the connection; empty where the client itself made it, as far as is known
 */
public record Flow(Protocol protocol, Option<IpAddress> source, Option<HttpRequest> http, Option<Handover> handover) {
    /** A request as its client makes it. */
    public Flow(Protocol protocol, Option<IpAddress> source, Option<HttpRequest> http) {
        this(protocol, source, http, Option.none());
    }

    /** The same request seen from another source address. */
    public Flow from(IpAddress newSource) {
        return new Flow(protocol, Option.some(newSource), http, handover);
    }

    /** The same request from a source that is not known. */
    public Flow fromUnknown() {
        return new Flow(protocol, Option.none(), http, handover);
    }

    /** The same connection with another HTTP request inside. */
    public Flow with(HttpRequest request) {
        return new Flow(protocol, source, Option.some(request), handover);
    }

    /** The same request on a connection that a proxy hands over. */
    public Flow handedOver(Handover by) {
        return new Flow(protocol, source, http, Option.some(by));
    }

    /** The same request on a connection of which nothing but its addresses is known. */
    public Flow anew() {
        return handover.isEmpty() ? this : new Flow(protocol, source, http, Option.none());
    }
}
