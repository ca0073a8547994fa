package dev.podpath.k8s.ingress.nginx.request;

import dev.podpath.core.location.RequestHead;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import io.vavr.control.Option;

/**
 * A request that reaches nginx.
 *
 * @param to the address it was sent to
 * @param tls whether the connection is TLS, with the host as server name (SNI)
 * @param host the {@code Host} header, one byte per character; empty where there is none
 * @param target path and query of the request line, one byte per character
 * @param source the client's address, where it is known
 * @param head method and header fields, beside the host
 */
public record HttpArrival(
        AddressPort to, boolean tls, Option<String> host, String target, Option<IpAddress> source, RequestHead head) {
    /** A plain GET request. */
    public HttpArrival(AddressPort to, boolean tls, Option<String> host, String target, Option<IpAddress> source) {
        this(to, tls, host, target, source, RequestHead.plain());
    }
}
