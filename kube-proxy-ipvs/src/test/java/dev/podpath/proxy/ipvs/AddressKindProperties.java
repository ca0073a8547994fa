package dev.podpath.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Ends;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.proxy.ServiceProxy;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What is found once for all addresses of a kind is what is found for each on its own: the classes of each address hold every
 * packet once, and end as that packet does when it is followed alone.
 */
class AddressKindProperties {
    private static final int VIPS = 6;
    private static final int[] PORTS = {80, 443, 53, 8080, 9090};
    private static final int[] ASKED = {0, 20, 21, 53, 80, 443, 5000, 8080, 9090, 65535};

    /** A node and how its addresses are written. */
    private record Plan(Random random, boolean v6) {
        String vip(int number) {
            return v6 ? "fd00:96::" + (10 + number) : "10.96.0." + (10 + number);
        }

        String pod(int number) {
            return v6 ? "fd00:244::" + number : "10.244.0." + number;
        }

        String nodeAddress() {
            return v6 ? "fd00:50::1" : "192.168.50.1";
        }

        String elsewhere() {
            return v6 ? "fd00:c6::7" : "198.51.100.7";
        }

        int host() {
            return v6 ? 128 : 32;
        }

        boolean chance(int of) {
            return random.nextInt(of) == 0;
        }

        String some(String... choices) {
            return choices[random.nextInt(choices.length)];
        }

        int port() {
            return PORTS[random.nextInt(PORTS.length)];
        }

        String vip() {
            return vip(random.nextInt(VIPS));
        }

        String pods() {
            return v6 ? "fd00:244::/64" : "10.244.0.0/16";
        }

        /** A network with some of the addresses of virtual servers. */
        String network() {
            return vip() + "/" + (host() - random.nextInt(4));
        }
    }

    @Property(tries = 15)
    void classesOfEachAddressAreThoseOfItsPackets(@ForAll long seed) {
        Plan plan = new Plan(new Random(seed), new Random(seed).nextInt(3) == 0);
        ServiceProxy proxy = Nodes.proxy(HashMap.of(
                        "ipvsadm-save.txt",
                        servers(plan),
                        "ip-addr.json",
                        addresses(plan),
                        plan.v6() ? "ip6tables-save.txt" : "iptables-save.txt",
                        rules(plan),
                        "ipset-save.txt",
                        sets(plan))
                .toJavaMap());
        Arrival.Kind[] ways = Arrival.Kind.values();
        Arrival arrival = Arrival.of(ways[plan.random().nextInt(ways.length)]);
        Partition partition = proxy.partition(arrival, plan.v6()).get();
        for (IpAddress address : partition.addresses()) {
            Vector<Partition.Cell> cells = partition.cells(address);
            Option<Vector<Partition.Cell>> named = partition.namedCells(address);
            for (Protocol protocol : Protocol.values()) {
                for (int port : ASKED) {
                    Packet packet = new Packet(
                            protocol,
                            IpAddress.of(plan.some(plan.pod(11), plan.elsewhere(), plan.nodeAddress(), plan.vip())),
                            plan.chance(4) ? 20 : 1 + plan.random().nextInt(65535),
                            address,
                            port);
                    check(proxy, arrival, packet, cells, named);
                }
            }
        }
    }

    private static void check(
            ServiceProxy proxy,
            Arrival arrival,
            Packet packet,
            Vector<Partition.Cell> cells,
            Option<Vector<Partition.Cell>> named) {
        Vector<Partition.Cell> holding = cells.filter(cell -> cell.packets().contains(packet));
        assertThat(holding).as("%s", packet).hasSize(1);
        if (holding.head().verdict().branches().exists(branch -> isFtp(branch, packet))) {
            return;
        }
        ProxyVerdict alone = proxy.route(packet, arrival);
        assertThat(holding.head().verdict().branches())
                .as("%s in %s", packet, holding.head().packets())
                .isEqualTo(alone.branches());
        Ends ends = Ends.of(alone);
        assertThat(holding.head().ends()).as("%s", packet).isEqualTo(ends);
        if (named.isDefined()) {
            Vector<Partition.Cell> among =
                    named.get().filter(cell -> cell.packets().contains(packet));
            assertThat(among.size()).isLessThanOrEqualTo(1);
            boolean reaches = false;
            for (int end = 0; end < ends.count(); end++) {
                reaches |= ends.kind(end) == Ends.Kind.ENDPOINT;
            }
            assertThat(!reaches || among.size() == 1).as("%s", packet).isTrue();
            among.forEach(cell -> assertThat(cell.ends()).as("%s", packet).isEqualTo(ends));
        }
    }

    /** A class of the port of FTP does not tell, and then says so; rules may make port 80 one that FTP takes, too. */
    private static boolean isFtp(ProxyBranch branch, Packet packet) {
        boolean taking = packet.destinationPort() == 20 || packet.sourcePort() == 20 || packet.destinationPort() == 21;
        boolean high = packet.destinationPort() >= 1024 || packet.destinationPort() == 80;
        return branch.outcome() instanceof ProxyOutcome.Unknown && (taking || high);
    }

    private static String servers(Plan plan) {
        StringBuilder text = new StringBuilder();
        for (int vip = 0; vip < VIPS; vip++) {
            for (int i = 0; i < plan.random().nextInt(3); i++) {
                int port = plan.chance(12) ? 21 : plan.port() + vip % 2;
                service(plan, plan.vip(vip), port, text);
            }
        }
        if (plan.chance(2)) {
            service(plan, plan.nodeAddress(), plan.port(), text);
        }
        return text.toString();
    }

    private static void service(Plan plan, String address, int port, StringBuilder text) {
        String name = plan.some("-t", "-t", "-u") + " " + (plan.v6() ? "[" + address + "]" : address) + ":" + port;
        if (text.indexOf("-A " + name + " ") >= 0) {
            return;
        }
        text.append("-A ")
                .append(name)
                .append(" -s ")
                .append(plan.some("rr", "wrr"))
                .append('\n');
        int count = plan.random().nextInt(3);
        for (int i = 0; i < count; i++) {
            String server = plan.v6() ? "[" + plan.pod(11 + i) + "]" : plan.pod(11 + i);
            text.append("-a ").append(name).append(" -r ").append(server).append(":8080 -m -w 1\n");
        }
    }

    private static String addresses(Plan plan) {
        StringBuilder text = new StringBuilder("[{\"ifname\":\"eth0\",\"addr_info\":[{\"local\":\"")
                .append(plan.nodeAddress())
                .append("\",\"prefixlen\":")
                .append(plan.v6() ? 64 : 24)
                .append("}]},{\"ifname\":\"kube-ipvs0\",\"addr_info\":[");
        String before = "";
        for (int vip = 0; vip < VIPS; vip++) {
            if (!plan.chance(8)) {
                text.append(before)
                        .append("{\"local\":\"")
                        .append(plan.vip(vip))
                        .append("\",\"prefixlen\":")
                        .append(plan.host())
                        .append('}');
                before = ",";
            }
        }
        return text.append("]}]").toString();
    }

    private static String rules(Plan plan) {
        String ways = """
                :PREROUTING ACCEPT [0:0]
                :OUTPUT ACCEPT [0:0]
                :POSTROUTING ACCEPT [0:0]
                :MASQ - [0:0]
                -A MASQ -j MARK --set-xmark 0x4000/0x4000
                """;
        StringBuilder text = new StringBuilder("*filter\n:INPUT ACCEPT [0:0]\n");
        for (int i = 0; i < plan.random().nextInt(4); i++) {
            text.append("-A INPUT ")
                    .append(plan.some(
                            "-m set --match-set SERVED dst,dst -j ACCEPT",
                            "-m conntrack --ctstate NEW -m set --match-set VIPS dst -j REJECT",
                            "-m set --match-set NETS dst -j DROP",
                            "-m set ! --match-set NETS dst -p udp -j DROP",
                            "-m set --match-set SERVED dst,src -j DROP",
                            "-m set --match-set FROM dst,dst,src -j REJECT",
                            "-m set --match-set MARKED dst,dst -j REJECT",
                            "-d " + plan.network() + " -p tcp -j DROP",
                            "-d " + plan.vip() + " -p tcp --dport " + plan.port() + " -j REJECT",
                            "-m conntrack --ctorigdst " + plan.vip() + " -j DROP"))
                    .append('\n');
        }
        text.append("COMMIT\n*nat\n").append(ways);
        for (String chain : new String[] {"PREROUTING", "OUTPUT"}) {
            for (int i = 0; i < plan.random().nextInt(4); i++) {
                text.append("-A ")
                        .append(chain)
                        .append(' ')
                        .append(plan.some(
                                "! -s " + plan.pods() + " -m set --match-set SERVED dst,dst -j MASQ",
                                "! -s " + plan.pods() + " -m set --match-set SERVED dst,dst -j MASQ",
                                "-m set --match-set VIPS dst -j MASQ",
                                "-m set --match-set LISTED dst,dst -j MASQ",
                                "-d " + plan.network() + " -p udp --dport 53 -j MASQ",
                                "-d " + plan.vip() + " -p tcp -m tcp --dport 80 -j DNAT --to-destination :8080",
                                "-d " + plan.network() + " -p tcp --dport 9090 -j NETMAP --to " + plan.vip() + "/"
                                        + plan.host()))
                        .append('\n');
            }
        }
        return text.append("-A POSTROUTING -m set --match-set LOOP dst,dst,src -j MASQUERADE\n")
                .append("-A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE\nCOMMIT\n")
                .toString();
    }

    private static String sets(Plan plan) {
        String family = plan.v6() ? " family inet6\n" : " family inet\n";
        StringBuilder text = new StringBuilder("create SERVED hash:ip,port").append(family);
        for (int i = 0; i < 8; i++) {
            String element = plan.vip() + "," + plan.some("tcp:", "udp:") + plan.port();
            text.append(text.indexOf(element + "\n") < 0 ? "add SERVED " + element + "\n" : "");
        }
        text.append("create VIPS hash:ip").append(family);
        for (int vip = 0; vip < VIPS; vip++) {
            text.append(plan.chance(4) ? "" : "add VIPS " + plan.vip(vip) + "\n");
        }
        text.append("create NETS hash:net").append(family);
        text.append("add NETS ")
                .append(plan.vip())
                .append('/')
                .append(plan.host() - 1)
                .append('\n');
        text.append("create FROM hash:ip,port,net").append(family);
        text.append("add FROM ").append(plan.vip()).append(",tcp:").append(plan.port());
        text.append(',').append(plan.pods()).append('\n');
        text.append("create MARKED hash:ip,mark").append(family);
        text.append("add MARKED ").append(plan.vip()).append(",0x4000\n");
        text.append("create LOOP hash:ip,port,ip").append(family);
        text.append("add LOOP ")
                .append(plan.pod(11))
                .append(",tcp:8080,")
                .append(plan.pod(11))
                .append('\n');
        return text.append("create LISTED list:set size 8\nadd LISTED SERVED\n").toString();
    }
}
