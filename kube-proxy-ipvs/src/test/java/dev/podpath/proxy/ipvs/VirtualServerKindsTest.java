package dev.podpath.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyVerdict;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Virtual servers of every kind, and connections that are there already. */
class VirtualServerKindsTest {
    private static final String ADDRESSES = """
            [{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8}]},
             {"ifname":"eth0","addr_info":[{"local":"192.168.50.1","prefixlen":24}]},
             {"ifname":"kube-ipvs0","addr_info":[{"local":"10.96.0.10","prefixlen":32},{"local":"10.96.0.11","prefixlen":32}]}]
            """;
    private static final String RULES = """
            *mangle
            :PREROUTING ACCEPT [0:0]
            :INPUT ACCEPT [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            -A PREROUTING -d 10.96.0.10/32 -p tcp -m tcp --dport 8000:8999 -j MARK --set-xmark 0x7/0xffffffff
            COMMIT
            *nat
            :PREROUTING ACCEPT [0:0]
            :INPUT ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            COMMIT
            """;
    private static final Arrival OUTSIDE = Arrival.of(Arrival.Kind.EXTERNAL);

    private static ProxyVerdict route(Packet packet, String saved, String... files) {
        HashMap<String, String> all =
                HashMap.ofAll(Map.of("ipvsadm-save.txt", saved, "ip-addr.json", ADDRESSES, "iptables-save.txt", RULES));
        for (int i = 0; i < files.length; i += 2) {
            all = all.put(files[i], files[i + 1]);
        }
        return Nodes.proxy(all.toJavaMap()).route(packet, OUTSIDE);
    }

    private static Vector<String> ways(Packet packet, String saved, String... files) {
        return Nodes.ways(route(packet, saved, files));
    }

    private static Packet udp(String from, String to) {
        Packet tcp = Nodes.tcp(from, to);
        return new Packet(
                Protocol.UDP,
                tcp.source(),
                tcp.sourcePort(),
                AddressPort.parse(to).get().address(),
                tcp.destinationPort());
    }

    private static String connections(String... lines) {
        return "IPVS connection entries\npro expire state       source             virtual            destination\n"
                + String.join("\n", lines) + "\n";
    }

    @Test
    void theVirtualServerOfAMarkComesBeforeThatOfTheAddress() {
        String saved = """
                -A -t 10.96.0.10:8080 -s rr
                -a -t 10.96.0.10:8080 -r 10.244.0.11:8080 -m -w 1
                -A -t 10.96.0.10:80 -s rr
                -a -t 10.96.0.10:80 -r 10.244.0.12:8080 -m -w 1
                -A -f 7 -s rr
                -a -f 7 -r 10.244.0.13:0 -m -w 1
                """;
        assertThat(ways(Nodes.tcp("198.51.100.7", "10.96.0.10:8080"), saved)).containsExactly("1 10.244.0.13:8080");
        assertThat(ways(Nodes.tcp("198.51.100.7", "10.96.0.10:8123"), saved)).containsExactly("1 10.244.0.13:8123");
        assertThat(ways(Nodes.tcp("198.51.100.7", "10.96.0.10:80"), saved)).containsExactly("1 10.244.0.12:8080");
        assertThat(ways(udp("198.51.100.7", "10.96.0.10:8080"), saved))
                .as("the rule marks TCP only")
                .containsExactly("1 untouched");
    }

    @Test
    void withoutMasqueradingTheDestinationStays() {
        for (String how : Vector.of("-g", "-i")) {
            ProxyVerdict verdict = route(
                    Nodes.tcp("198.51.100.7", "10.96.0.10:80"),
                    "-A -t 10.96.0.10:80 -s rr\n-a -t 10.96.0.10:80 -r 10.244.0.11:80 " + how + " -w 1\n");
            assertThat(Nodes.ways(verdict)).as(how).containsExactly("1 10.244.0.11:80");
            assertThat(Nodes.said(verdict)).as(how).contains("their destination stays 10.96.0.10,");
        }
    }

    @Test
    void aConnectionToAServerThatIsGoneIsScheduledAnewOrDropped() {
        String saved = "-A -t 10.96.0.10:80 -s rr\n-a -t 10.96.0.10:80 -r 10.244.0.11:8080 -m -w 1\n";
        String there = connections(
                "TCP 14:56  ESTABLISHED 198.51.100.7:41008 10.96.0.10:80      10.244.0.77:8080",
                "TCP 14:56  ESTABLISHED 198.51.100.7:41009 10.96.0.10:80      10.244.0.11:8080");
        Packet gone = Nodes.tcp("198.51.100.7:41008", "10.96.0.10:80");
        assertThat(ways(gone, saved, "ipvsadm-Lnc.txt", there, "sysctl.txt", "net.ipv4.vs.expire_nodest_conn = 1\n"))
                .containsExactly("1 10.244.0.11:8080");
        assertThat(ways(gone, saved, "ipvsadm-Lnc.txt", there, "sysctl.txt", "net.ipv4.vs.expire_nodest_conn = 0\n"))
                .containsExactly("1 dropped");
    }

    @Test
    void aConnectionThatIsOverIsScheduledAnewByConnReuseMode() {
        String saved = """
                -A -t 10.96.0.10:80 -s rr
                -a -t 10.96.0.10:80 -r 10.244.0.11:8080 -m -w 1
                -a -t 10.96.0.10:80 -r 10.244.0.12:8080 -m -w 1
                """;
        String over = connections("TCP 01:56  TIME_WAIT   198.51.100.7:41008 10.96.0.10:80      10.244.0.12:8080");
        Packet again = Nodes.tcp("198.51.100.7:41008", "10.96.0.10:80");
        assertThat(ways(again, saved, "ipvsadm-Lnc.txt", over, "sysctl.txt", "net.ipv4.vs.conn_reuse_mode = 0\n"))
                .containsExactly("1 10.244.0.12:8080");
        assertThat(ways(again, saved, "ipvsadm-Lnc.txt", over, "sysctl.txt", "net.ipv4.vs.conn_reuse_mode = 1\n"))
                .containsExactly("1/2 10.244.0.11:8080", "1/2 10.244.0.12:8080");
    }

    @Test
    void eachDatagramIsScheduledAnewWhereTheServerIsForOnePacket() {
        String servers =
                "-a -u 10.96.0.10:53 -r 10.244.0.11:53 -m -w 1\n-a -u 10.96.0.10:53 -r 10.244.0.12:53 -m -w 1\n";
        String there = connections("UDP 04:56  UDP         198.51.100.7:41008 10.96.0.10:53      10.244.0.12:53");
        Packet datagram = udp("198.51.100.7:41008", "10.96.0.10:53");
        assertThat(ways(datagram, "-A -u 10.96.0.10:53 -s rr\n" + servers, "ipvsadm-Lnc.txt", there))
                .containsExactly("1 10.244.0.12:53");
        assertThat(ways(datagram, "-A -u 10.96.0.10:53 -s rr -o\n" + servers, "ipvsadm-Lnc.txt", there))
                .containsExactly("1/2 10.244.0.11:53", "1/2 10.244.0.12:53");
    }

    @Test
    void clientsOfOneNetworkShareARecordWhereThePersistenceHasAMask() {
        String saved = """
                -A -t 10.96.0.10:80 -s rr -p 600 -M 255.255.255.0
                -a -t 10.96.0.10:80 -r 10.244.0.11:8080 -m -w 1
                -a -t 10.96.0.10:80 -r 10.244.0.12:8080 -m -w 1
                """;
        String there = connections(
                "TCP 09:56  ASSURED     198.51.100.0:0     10.96.0.10:80      10.244.0.12:8080",
                "TCP 14:56  ESTABLISHED 198.51.100.7:41008 10.96.0.10:80      10.244.0.12:8080");
        assertThat(ways(Nodes.tcp("198.51.100.200", "10.96.0.10:80"), saved, "ipvsadm-Lnc.txt", there))
                .containsExactly("1 10.244.0.12:8080");
        assertThat(ways(Nodes.tcp("198.51.101.200", "10.96.0.10:80"), saved, "ipvsadm-Lnc.txt", there))
                .containsExactly("1/2 10.244.0.11:8080", "1/2 10.244.0.12:8080");
    }
}
