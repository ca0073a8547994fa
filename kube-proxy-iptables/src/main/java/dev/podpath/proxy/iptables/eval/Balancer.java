package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A load balancer inside the node's stack, as IPVS is one. It is asked in {@code INPUT} after the tables filter and
 * security, and in {@code OUTPUT} after the table nat and before filter (net/netfilter/ipvs/ip_vs_core.c,
 * {@code ip_vs_ops4}: priorities {@code NF_IP_PRI_NAT_SRC - 1} and {@code NF_IP_PRI_NAT_DST + 2}).
 *
 * <p>A packet it sends to another host goes through {@code OUTPUT} (without nat, without being balanced again) and
 * {@code POSTROUTING}, its mark intact (net/netfilter/ipvs/ip_vs_xmit.c, {@code ip_vs_nat_send_or_cont}); one it gives
 * to the node itself goes on where it was.
 */
@FunctionalInterface
public interface Balancer {
    /** What happens to a packet; empty where the balancer has no virtual server for it. */
    Option<Vector<Choice>> balance(Seen packet);

    /** Balances nothing. */
    static Balancer none() {
        return packet -> Option.none();
    }

    /**
     * A packet as the balancer sees it.
     *
     * @param protocol transport protocol
     * @param source source address
     * @param sourcePort 0 where it is open
     * @param destination destination address as it stands now
     * @param destinationPort destination port as it stands now
     * @param mark mark of the packet, by which virtual servers can be found
     * @param localOutput whether it was met in {@code OUTPUT}
     */
    record Seen(
            Protocol protocol,
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            int mark,
            boolean localOutput) {}

    /**
     * One thing that can happen to the packet.
     *
     * @param result what
     * @param share which part of new connections
     * @param steps what decided, for the trail
     * @param conditions on what it depends beyond chance
     */
    record Choice(Result result, Share share, Vector<RuleStep> steps, Vector<String> conditions) {
        /** Happens to every packet. */
        public static Choice always(Result result, RuleStep... steps) {
            return new Choice(result, Share.all(), Vector.of(steps), Vector.empty());
        }
    }

    /** What can happen to a packet. */
    sealed interface Result {
        /**
         * It is sent to a real server whose address becomes its destination (masquerading method).
         *
         * @param server the real server
         * @param tracked whether connection tracking goes on (sysctl net.ipv4.vs.conntrack); without it the table nat of
         *     {@code POSTROUTING} is not consulted
         */
        record Translate(AddressPort server, boolean tracked) implements Result {}

        /**
         * It is sent to a real server with its destination unchanged (direct routing, tunnel).
         *
         * @param server the real server
         */
        record Forward(AddressPort server) implements Result {}

        /**
         * The sender is told that nobody answers.
         *
         * @param with what is sent, such as {@code icmp-port-unreachable}
         */
        record Reject(String with) implements Result {}

        /** It is dropped. */
        record Drop() implements Result {}

        /**
         * It cannot be told.
         *
         * @param why one sentence
         * @param missing what would have to be captured
         */
        record Unknown(String why, Vector<Missing> missing) implements Result {}
    }
}
