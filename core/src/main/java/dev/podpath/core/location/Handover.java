package dev.podpath.core.location;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What a load balancer does with a connection that it hands over, as far as the next hop has to agree with it or learns of the
 * client by it.
 *
 * @param by the load balancer, for people
 * @param proxyProtocol whether the connection begins with a PROXY protocol header (proxy-protocol.txt of HAProxy, versions 1
 *     and 2)
 * @param told what it tells of the client
 * @param idleSeconds after how many seconds without data it ends or forgets the connection; empty where that is not known
 * @param kind whose connection it is
 * @param evidence what says so
 */
public record Handover(
        String by,
        boolean proxyProtocol,
        Told told,
        Option<Integer> idleSeconds,
        Kind kind,
        Vector<Evidence> evidence) {
    /** Whose connection is handed over. */
    public enum Kind {
        /** The client's own, sent on packet by packet: when it is forgotten, neither side is told. */
        RELAYED,
        /** One that the load balancer opened, and keeps for further requests. */
        OPENED
    }

    /**
     * What a load balancer tells of the client.
     *
     * @param client its address, in the PROXY protocol header or, on a connection of the load balancer's own, in {@code
     *     X-Forwarded-For}; empty where neither is sent or the load balancer's client is not known
     * @param scheme whether {@code X-Forwarded-Proto} has the scheme that the client used
     */
    public record Told(Option<IpAddress> client, boolean scheme) {
        /** Nothing at all. */
        public static final Told NOTHING = new Told(Option.none(), false);
    }
}
