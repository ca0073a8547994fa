package dev.podpath.aliyun.alb;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import java.util.Locale;

/**
 * A listener.
 *
 * @param id its id
 * @param balancer its load balancer's id
 * @param protocol upper case, such as {@code HTTPS} or {@code TCPSSL}
 * @param first the first port it listens on
 * @param last the last one; more than the first only for listeners of all ports of a range
 * @param status such as {@code Running}; empty text where it is not given
 * @param json where it is
 */
record Listener(String id, String balancer, String protocol, int first, int last, String status, Json json) {
    static Listener of(Json json) {
        int port = json.integer("ListenerPort").getOrElse(0);
        int start = json.integer("StartPort").getOrElse(port);
        int end = json.integer("EndPort").getOrElse(port);
        boolean range = port == 0 && start > 0 && end >= start;
        return new Listener(
                json.textOr("", "ListenerId"),
                json.textOr("", "LoadBalancerId"),
                json.textOr("", "ListenerProtocol").toUpperCase(Locale.ROOT),
                range ? start : port,
                range ? end : port,
                json.textOr("", "ListenerStatus"),
                json);
    }

    boolean takes(int port, Protocol transport) {
        boolean udp = protocol.equals("UDP") || protocol.equals("QUIC");
        return first <= port && port <= last && (transport == Protocol.UDP) == udp && transport != Protocol.SCTP;
    }

    boolean isRunning() {
        return status.equalsIgnoreCase("running");
    }

    /** Whether it ends TLS. */
    boolean secure() {
        return protocol.equals("HTTPS") || protocol.equals("QUIC") || protocol.equals("TCPSSL");
    }

    Evidence evidence() {
        return json.evidence(
                "ListenerId",
                "LoadBalancerId",
                "ListenerProtocol",
                "ListenerPort",
                "StartPort",
                "EndPort",
                "ListenerStatus",
                "ServerGroupId");
    }

    @Override
    public String toString() {
        return "listener " + protocol + ":" + (first == last ? Integer.toString(first) : first + "-" + last);
    }
}
