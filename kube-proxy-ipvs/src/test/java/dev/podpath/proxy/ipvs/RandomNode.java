package dev.podpath.proxy.ipvs;

import java.util.Map;
import java.util.Random;

/**
 * A node in IPVS mode with virtual servers, sets and rules drawn at random.
 *
 * @param random draws
 * @param v6 family of its virtual servers
 * @param alike whether most virtual servers are as kube-proxy writes them, with servers of their own
 */
record RandomNode(Random random, boolean v6, boolean alike) {
    private static final int VIPS = 8;
    private static final int[] PORTS = {80, 443, 53, 8080, 9090};

    /** What is captured of it. */
    Map<String, String> documents() {
        return Map.of(
                "ipvsadm-save.txt",
                servers(),
                "ip-addr.json",
                addresses(),
                v6 ? "ip6tables-save.txt" : "iptables-save.txt",
                rules(),
                "ipset-save.txt",
                sets());
    }

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

    private String servers() {
        StringBuilder text = new StringBuilder();
        boolean few = alike && chance(3);
        for (int vip = 0; vip < VIPS && alike; vip++) {
            boolean first = vip % 2 == 0;
            usual(first ? "-t" : "-u", vip, first ? 80 : 53, few, text);
            if (!first) {
                usual("-t", vip, 443, few, text);
            }
        }
        for (int vip = 0; vip < VIPS && !alike; vip++) {
            for (int i = 0; i < random.nextInt(3); i++) {
                int port = chance(12) ? 21 : port() + vip % 2;
                service(vip(vip), port, text);
            }
        }
        if (chance(2)) {
            service(nodeAddress(), port(), text);
        }
        return text.toString();
    }

    private void usual(String protocol, int vip, int port, boolean few, StringBuilder text) {
        String name = protocol + " " + (v6 ? "[" + vip(vip) + "]" : vip(vip)) + ":" + port;
        text.append("-A ").append(name).append(" -s ").append(chance(40) ? some("wrr", "sh", "lc") : "rr");
        text.append(chance(40) ? " -p 60\n" : "\n");
        for (int i = 0; i < 2; i++) {
            // Two virtual servers can share a server, at the same place or at another.
            String pod = few || chance(40) ? pod(11 + random.nextInt(4)) : ownPod(vip, i);
            String line = "-a " + name + " -r " + (v6 ? "[" + pod + "]" : pod) + ":8080 ";
            if (text.indexOf(line) < 0) {
                text.append(line).append(chance(40) ? "-g" : "-m").append(chance(40) ? " -w 0\n" : " -w 1\n");
            }
        }
    }

    private String ownPod(int vip, int number) {
        return pod(11 + 2 * vip + number);
    }

    /** Who may send. */
    String sender() {
        return chance(2)
                ? some(ownPod(random.nextInt(VIPS), random.nextInt(2)), pod(200))
                : some(elsewhere(), nodeAddress(), vip());
    }

    private void service(String address, int port, StringBuilder text) {
        String name = some("-t", "-t", "-u") + " " + (v6 ? "[" + address + "]" : address) + ":" + port;
        if (text.indexOf("-A " + name + " ") >= 0) {
            return;
        }
        text.append("-A ").append(name).append(" -s ").append(some("rr", "wrr")).append('\n');
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String server = v6 ? "[" + pod(11 + i) + "]" : pod(11 + i);
            text.append("-a ").append(name).append(" -r ").append(server).append(":8080 -m -w 1\n");
        }
    }

    private String addresses() {
        StringBuilder text = new StringBuilder("[{\"ifname\":\"eth0\",\"addr_info\":[{\"local\":\"")
                .append(nodeAddress())
                .append("\",\"prefixlen\":")
                .append(v6 ? 64 : 24)
                .append("}]},{\"ifname\":\"kube-ipvs0\",\"addr_info\":[");
        String before = "";
        for (int vip = 0; vip < VIPS; vip++) {
            if (!chance(alike ? 24 : 8)) {
                text.append(before)
                        .append("{\"local\":\"")
                        .append(vip(vip))
                        .append("\",\"prefixlen\":")
                        .append(host())
                        .append('}');
                before = ",";
            }
        }
        return text.append("]}]").toString();
    }

    private String rules() {
        String ways = """
                :PREROUTING ACCEPT [0:0]
                :OUTPUT ACCEPT [0:0]
                :POSTROUTING ACCEPT [0:0]
                :MASQ - [0:0]
                -A MASQ -j MARK --set-xmark 0x4000/0x4000
                """;
        StringBuilder text = new StringBuilder("*filter\n:INPUT ACCEPT [0:0]\n");
        for (int i = 0; i < random.nextInt(3) && alike; i++) {
            text.append("-A INPUT ").append(ofSources()).append('\n');
        }
        for (int i = 0; i < random.nextInt(alike ? 2 : 4); i++) {
            text.append("-A INPUT ")
                    .append(some(
                            "-m set --match-set SERVED dst,dst -j ACCEPT",
                            "-m conntrack --ctstate NEW -m set --match-set VIPS dst -j REJECT",
                            "-m set --match-set NETS dst -j DROP",
                            "-m set ! --match-set NETS dst -p udp -j DROP",
                            "-m set --match-set SERVED dst,src -j DROP",
                            "-m set --match-set FROM dst,dst,src -j REJECT",
                            "-m set --match-set MARKED dst,dst -j REJECT",
                            "-d " + network() + " -p tcp -j DROP",
                            "-d " + vip() + " -p tcp --dport " + port() + " -j REJECT",
                            "-m conntrack --ctorigdst " + vip() + " -j DROP"))
                    .append('\n');
        }
        text.append("COMMIT\n*nat\n").append(ways);
        for (String chain : new String[] {"PREROUTING", "OUTPUT"}) {
            for (int i = random.nextInt(3); i > 0 && alike; i--) {
                text.append("-A ").append(chain).append(' ').append(ofSources().replaceFirst("-j .*", "-j MASQ"));
                text.append('\n');
            }
            for (int i = 0; i < random.nextInt(4); i++) {
                text.append("-A ")
                        .append(chain)
                        .append(' ')
                        .append(
                                alike
                                        ? "! -s " + pods() + " -m set --match-set SERVED dst,dst -j MASQ"
                                        : some(
                                                "! -s " + pods() + " -m set --match-set SERVED dst,dst -j MASQ",
                                                "! -s " + pods() + " -m set --match-set SERVED dst,dst -j MASQ",
                                                "-m set --match-set VIPS dst -j MASQ",
                                                "-m set --match-set LISTED dst,dst -j MASQ",
                                                "-d " + network() + " -p udp --dport 53 -j MASQ",
                                                "-d " + vip()
                                                        + " -p tcp -m tcp --dport 80 -j DNAT --to-destination :8080",
                                                "-d " + network() + " -p tcp --dport 9090 -j NETMAP --to " + vip() + "/"
                                                        + host()))
                        .append('\n');
            }
        }
        return text.append("-A POSTROUTING -m set --match-set LOOP dst,dst,src -j MASQUERADE\n")
                .append("-A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE\nCOMMIT\n")
                .toString();
    }

    private String ofSources() {
        return some(
                "-s " + ownPod(chance(4) ? random.nextInt(VIPS) : 0, 0) + " -j DROP",
                "-s " + pod(chance(4) ? 16 : 24) + "/" + (host() - 2) + " -p tcp -j DROP",
                "-s " + vip(chance(4) ? random.nextInt(VIPS) : 0) + " -j DROP",
                "-m set --match-set LOOP src,dst,dst -j REJECT",
                "-m set --match-set VIPS src -j DROP",
                "-m set --match-set SERVED src,dst -j DROP",
                "-p tcp -m tcp --sport 20 -j REJECT",
                "-p udp -m udp --sport 1024:65535 -j ACCEPT",
                "-p tcp -m tcp --dport 443 -j ACCEPT");
    }

    private String sets() {
        String family = v6 ? " family inet6\n" : " family inet\n";
        StringBuilder text = new StringBuilder("create SERVED hash:ip,port").append(family);
        for (int vip = 0; vip < VIPS && alike; vip++) {
            text.append("add SERVED ").append(vip(vip)).append(vip % 2 == 0 ? ",tcp:80\n" : ",udp:53\n");
        }
        for (int i = 0; i < (alike ? random.nextInt(2) : 8); i++) {
            String element = vip() + "," + some("tcp:", "udp:") + port();
            text.append(text.indexOf(element + "\n") < 0 ? "add SERVED " + element + "\n" : "");
        }
        text.append("create VIPS hash:ip").append(family);
        for (int vip = 0; vip < VIPS; vip++) {
            text.append(chance(alike ? 24 : 4) ? "" : "add VIPS " + vip(vip) + "\n");
        }
        text.append("create NETS hash:net").append(family);
        text.append("add NETS ").append(vip()).append('/').append(host() - 1).append('\n');
        text.append("create FROM hash:ip,port,net").append(family);
        text.append("add FROM ").append(vip()).append(",tcp:").append(port());
        text.append(',').append(pods()).append('\n');
        text.append("create MARKED hash:ip,mark").append(family);
        text.append("add MARKED ").append(vip()).append(",0x4000\n");
        text.append("create LOOP hash:ip,port,ip").append(family);
        text.append("add LOOP ")
                .append(pod(11))
                .append(",tcp:8080,")
                .append(pod(11))
                .append('\n');
        for (int pod = 12; pod < 11 + 2 * VIPS && alike; pod++) {
            String other = chance(24) ? pod(11) : pod(pod);
            text.append("add LOOP ")
                    .append(pod(pod))
                    .append(",tcp:8080,")
                    .append(other)
                    .append('\n');
        }
        return text.append("create LISTED list:set size 8\nadd LISTED SERVED\n").toString();
    }
}
