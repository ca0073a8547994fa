package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.function.Function;

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

    /**
     * As {@link #balance(Seen)}, and tells for which other packets it would be the same; where it tells nothing, for every
     * packet with the same mark to the same address, of any source and port.
     */
    default Option<Vector<Choice>> balance(Seen packet, Alike alike) {
        return balance(packet);
    }

    /** Takes which packets are alike to a balancer; ranges are inclusive and hold the packet's own port. */
    interface Alike {
        /** Only packets from these ports are. */
        void sourcePorts(int first, int last);

        /** Only packets to these ports are. */
        void destinationPorts(int first, int last);
    }

    /** A balancer inside a partition. */
    interface Partitioned {
        /** The addresses it looks at on their own, of one family. */
        Vector<IpAddress> addresses(boolean v6);

        /**
         * The ports of one of these addresses that are not like the same ports of another of them, in any order.
         *
         * @return empty where every port can be another
         */
        default Option<int[]> ports(IpAddress address, Protocol protocol) {
            return Option.none();
        }

        /**
         * What it does with packets to one of these addresses, in a form in which addresses can be compared.
         *
         * @return empty where that is not known, or depends on the bits of addresses
         */
        default Option<Pattern> pattern(IpAddress address) {
            return Option.none();
        }

        /** Whether it knows connections that are there already, so that a packet can end otherwise than its class. */
        default boolean knowsConnections() {
            return false;
        }

        /**
         * What answers without the reasoning, for packets and for classes; {@link Result.Unknown} where it cannot. Used
         * from several threads.
         *
         * @param classes whether for classes
         */
        Balancer brief(boolean classes);

        /**
         * The verdict on a class of packets.
         *
         * @param sample one of them
         * @param arrival how they come
         * @param follow follows it through the stack with a balancer in it
         */
        ProxyVerdict verdict(Packet sample, Arrival arrival, Function<Balancer, ProxyVerdict> follow);
    }

    /**
     * What a balancer does with the packets to an address. Of two addresses with the same words and as many addresses it
     * treats packets alike, of any source, once every address of the one list is exchanged for that at the same place of the
     * other.
     *
     * @param words everything but addresses, these by their places
     * @param addresses upper and lower half of the address itself, then of those its packets are sent to, each once
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Pattern(int[] words, long[] addresses) {}

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
     * @param chance the same, 0 to 1; NaN where it is not defined
     * @param steps what decided, for the trail
     * @param conditions on what it depends beyond chance
     * @param affinitySeconds for how long a client that is not new goes on to the server it had; 0 where it does not
     */
    record Choice(
            Result result,
            Share share,
            double chance,
            Vector<RuleStep> steps,
            Vector<String> conditions,
            int affinitySeconds) {
        /** Happens to a part of the packets. */
        public static Choice of(
                Result result, Share share, Vector<RuleStep> steps, Vector<String> conditions, int affinitySeconds) {
            double chance = share instanceof Share.Exact exact ? exact.value().toDouble() : Double.NaN;
            return new Choice(result, share, chance, steps, conditions, affinitySeconds);
        }

        /** Happens to every packet. */
        public static Choice always(Result result, RuleStep... steps) {
            return new Choice(result, Share.all(), 1, Vector.of(steps), Vector.empty(), 0);
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
