package dev.podpath.core.verify;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.trace.Share;
import io.vavr.control.Option;

/**
 * One way a packet ends, or should end.
 *
 * @param kind how it ends
 * @param endpoint the endpoint, for {@link Ends.Kind#ENDPOINT}; port 0 stands for the port the packet came with
 * @param share which part of new connections ends so
 * @param source what becomes of the source address
 */
public record End(Ends.Kind kind, Option<AddressPort> endpoint, Share share, Ends.Source source) {
    @Override
    public String toString() {
        return share + " " + kind + endpoint.map(to -> " " + to).getOrElse("") + " " + source;
    }
}
