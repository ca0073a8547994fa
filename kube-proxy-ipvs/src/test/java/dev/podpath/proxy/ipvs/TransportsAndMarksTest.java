package dev.podpath.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ServiceProxy;
import io.vavr.collection.Vector;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** SCTP and IPv6 firewall marks from the documents to the classes of packets. */
class TransportsAndMarksTest {
    private static final Arrival OUTSIDE = Arrival.of(Arrival.Kind.EXTERNAL);
    private static final String ADDRESSES = """
            [{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8},{"local":"::1","prefixlen":128}]},
             {"ifname":"eth0","addr_info":[{"local":"192.168.50.1","prefixlen":24},{"local":"fd00:50::1","prefixlen":64}]},
             {"ifname":"kube-ipvs0","addr_info":[{"local":"10.96.0.20","prefixlen":32},{"local":"fd00:96::10","prefixlen":128}]}]
            """;
    private static final String NO_RULES = "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n";
    private static final String SCTP_SAVED = """
            -A --sctp-service 10.96.0.20:9999 -s rr
            -a --sctp-service 10.96.0.20:9999 -r 10.244.0.13:8999 -m -w 1
            -a --sctp-service 10.96.0.20:9999 -r 10.244.0.14:8999 -m -w 1
            -A -t 10.96.0.20:9999 -s rr
            -a -t 10.96.0.20:9999 -r 10.244.0.15:80 -m -w 1
            """;
    private static final String SCTP_LISTED = """
            IP Virtual Server version 1.2.1 (size=4096)
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
            TCP  10.96.0.20:9999 rr
              -> 10.244.0.15:80               Masq    1      0          0        \s
            SCTP 10.96.0.20:9999 rr
              -> 10.244.0.13:8999             Masq    1      0          0        \s
              -> 10.244.0.14:8999             Masq    1      0          0        \s
            """;
    private static final String SCTP_PROC = """
            IP Virtual Server version 1.2.1 (size=4096)
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port Forward Weight ActiveConn InActConn
            TCP  0A600014:270F rr \s
              -> 0AF4000F:0050      Masq    1      0          0        \s
            SCTP 0A600014:270F rr \s
              -> 0AF4000D:2327      Masq    1      0          0        \s
              -> 0AF4000E:2327      Masq    1      0          0        \s
            """;

    private static ServiceProxy proxy(String... files) {
        Map<String, String> all = new TreeMap<>(Map.of("ip-addr.json", ADDRESSES, "iptables-save.txt", NO_RULES));
        for (int i = 0; i < files.length; i += 2) {
            all.put(files[i], files[i + 1]);
        }
        return Nodes.proxy(all);
    }

    private static Packet packet(Protocol protocol, String from, int fromPort, String to, int port) {
        return new Packet(protocol, IpAddress.of(from), fromPort, IpAddress.of(to), port);
    }

    private static Packet sctp(int fromPort) {
        return packet(Protocol.SCTP, "198.51.100.7", fromPort, "10.96.0.20", 9999);
    }

    @Test
    void sctpGoesToItsOwnServersInEveryForm() {
        for (String[] document : new String[][] {
            {"ipvsadm-save.txt", SCTP_SAVED}, {"ipvsadm-Ln.txt", SCTP_LISTED}, {"proc-net-ip_vs", SCTP_PROC}
        }) {
            ServiceProxy proxy = proxy(document);
            assertThat(Nodes.ways(proxy.route(sctp(41000), OUTSIDE)))
                    .as(document[0])
                    .containsExactly("1/2 10.244.0.13:8999", "1/2 10.244.0.14:8999");
            Packet tcp = packet(Protocol.TCP, "198.51.100.7", 41000, "10.96.0.20", 9999);
            assertThat(Nodes.ways(proxy.route(tcp, OUTSIDE))).containsExactly("1 10.244.0.15:80");
            Packet udp = packet(Protocol.UDP, "198.51.100.7", 41000, "10.96.0.20", 9999);
            assertThat(Nodes.ways(proxy.route(udp, OUTSIDE))).containsExactly("1 untouched");
        }
    }

    @Test
    void anAssociationThatIsThereKeepsItsServerUntilItIsClosed() {
        String listed =
                "IPVS connection entries\npro expire state       source             virtual            destination\n"
                        + "SCTP 00:55  ESTABLISHED 198.51.100.7:41001 10.96.0.20:9999    10.244.0.14:8999\n"
                        + "SCTP 00:05  CLOSED      198.51.100.7:41002 10.96.0.20:9999    10.244.0.14:8999\n"
                        + "TCP 00:55  ESTABLISHED 198.51.100.7:41003 10.96.0.20:9999    10.244.0.15:80\n";
        ServiceProxy proxy = proxy(
                "ipvsadm-save.txt",
                SCTP_SAVED,
                "ipvsadm-Lnc.txt",
                listed,
                "sysctl.txt",
                "net.ipv4.vs.conn_reuse_mode = 1\n");
        Vector<String> anew = Vector.of("1/2 10.244.0.13:8999", "1/2 10.244.0.14:8999");
        assertThat(Nodes.ways(proxy.route(sctp(41001), OUTSIDE))).containsExactly("1 10.244.0.14:8999");
        assertThat(Nodes.ways(proxy.route(sctp(41002), OUTSIDE))).isEqualTo(anew);
        assertThat(Nodes.ways(proxy.route(sctp(41003), OUTSIDE))).isEqualTo(anew);
        for (int port = 41001; port <= 41003; port++) {
            assertThat(proxy.ends(sctp(port), OUTSIDE)).isEqualTo(Ends.of(proxy.route(sctp(port), OUTSIDE)));
        }
    }

    @Test
    void theClassesOfAnAddressTellSctpFromTheOthers() {
        ServiceProxy proxy = proxy("ipvsadm-save.txt", SCTP_SAVED);
        Partition partition = proxy.partition(OUTSIDE, false).get();
        Vector<Partition.Cell> cells = partition.cells(IpAddress.of("10.96.0.20"));
        for (Protocol protocol : Protocol.values()) {
            for (int port : new int[] {1, 9998, 9999, 10000}) {
                Packet packet = packet(protocol, "198.51.100.7", 41000, "10.96.0.20", port);
                Vector<Partition.Cell> holding =
                        cells.filter(cell -> cell.packets().contains(packet));
                assertThat(holding).hasSize(1);
                assertThat(holding.head().verdict()).isEqualTo(proxy.route(packet, OUTSIDE));
                assertThat(holding.head().ends()).isEqualTo(Ends.of(proxy.route(packet, OUTSIDE)));
            }
        }
    }

    @Test
    void anIpv6MarkFindsItsVirtualServerAndAnIpv4MarkOfTheSameNumberDoesNot() {
        String rules = """
                *mangle
                :PREROUTING ACCEPT [0:0]
                -A PREROUTING -d %s -p tcp -m tcp --dport 8000:8999 -j MARK --set-xmark 0x7/0xffffffff
                COMMIT
                """;
        String saved = """
                -A -f 7 -6 -s wrr
                -a -f 7 -6 -r [fd00:10:244::11]:0 -m -w 3
                -a -f 7 -6 -r [fd00:10:244::12]:0 -m -w 1
                -A -f 7 -s rr
                -a -f 7 -r 10.244.0.13:0 -m -w 1
                -A -t [fd00:96::10]:8080 -s rr
                -a -t [fd00:96::10]:8080 -r [fd00:10:244::14]:80 -m -w 1
                -A -t [fd00:96::10]:80 -s rr
                -a -t [fd00:96::10]:80 -r [fd00:10:244::15]:80 -m -w 1
                """;
        String listed = """
                IP Virtual Server version 1.2.1 (size=4096)
                Prot LocalAddress:Port Scheduler Flags
                  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
                TCP  [fd00:96::10]:80 rr
                  -> [fd00:10:244::15]:80         Masq    1      0          0        \s
                TCP  [fd00:96::10]:8080 rr
                  -> [fd00:10:244::14]:80         Masq    1      0          0        \s
                FWM  7 rr
                  -> 10.244.0.13:0                Masq    1      0          0        \s
                FWM  7 IPv6 wrr
                  -> [fd00:10:244::11]:0          Masq    3      0          0        \s
                  -> [fd00:10:244::12]:0          Masq    1      0          0        \s
                """;
        for (String[] document : new String[][] {{"ipvsadm-save.txt", saved}, {"ipvsadm-Ln.txt", listed}}) {
            ServiceProxy proxy = proxy(
                    document[0],
                    document[1],
                    "iptables-save.txt",
                    rules.formatted("10.96.0.20/32"),
                    "ip6tables-save.txt",
                    rules.formatted("fd00:96::10/128"));
            Packet marked = packet(Protocol.TCP, "fd00:198::7", 41000, "fd00:96::10", 8080);
            assertThat(Nodes.ways(proxy.route(marked, OUTSIDE)))
                    .as(document[0])
                    .containsExactly("1/4 [fd00:10:244::12]:8080", "3/4 [fd00:10:244::11]:8080");
            Packet unmarked = packet(Protocol.TCP, "fd00:198::7", 41000, "fd00:96::10", 80);
            assertThat(Nodes.ways(proxy.route(unmarked, OUTSIDE))).containsExactly("1 [fd00:10:244::15]:80");
            Packet narrow = packet(Protocol.TCP, "198.51.100.7", 41000, "10.96.0.20", 8123);
            assertThat(Nodes.ways(proxy.route(narrow, OUTSIDE))).containsExactly("1 10.244.0.13:8123");
            for (Packet packet : new Packet[] {marked, unmarked, narrow}) {
                assertThat(proxy.ends(packet, OUTSIDE)).isEqualTo(Ends.of(proxy.route(packet, OUTSIDE)));
            }
            // What a mark takes is of every port: its classes say that they are not worked out.
            Vector<Partition.Cell> cells = proxy.partition(OUTSIDE, true).get().cells(IpAddress.of("fd00:96::10"));
            assertThat(cells.filter(cell -> cell.packets().contains(marked)))
                    .hasSize(1)
                    .allSatisfy(cell -> assertThat(Nodes.ways(cell.verdict()).head())
                            .startsWith("1 unknown: virtual server FWM 7 IPv6"));
        }
    }
}
