package dev.podpath.proxy.iptables.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rules as kube-proxy writes them for a few dozen services, with addresses close together and shared; and changes to them. */
final class SmallCluster {
    private final Random random;
    private final boolean v6;
    /** How often a service is not as the others are. */
    private final int rarely;

    private final int usual;
    /** The lowest number of a pod; those up to 16 have routes of their own. */
    private final int nearest;

    private final List<String> nat = new ArrayList<>();
    private final List<String> services = new ArrayList<>();
    private final List<String> nodePorts = new ArrayList<>();
    private final List<String> filter = new ArrayList<>();
    private final List<String> chains = new ArrayList<>();

    private SmallCluster(Random random, boolean v6) {
        this.random = random;
        this.v6 = v6;
        this.rarely = random.nextBoolean() ? 4 : 40;
        this.usual = 1 + random.nextInt(3);
        this.nearest = random.nextInt(3) == 0 ? 11 : 21;
    }

    /** The rules of a cluster. */
    static String rules(Random random, boolean v6) {
        return new SmallCluster(random, v6).write();
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private String pod(int number) {
        return (v6 ? "fd00:10:244::" : "10.244.0.") + number;
    }

    private String host(String address) {
        return address + (v6 ? "/128" : "/32");
    }

    private String pods() {
        return v6 ? "fd00:10:244::/64" : "10.244.0.0/24";
    }

    private String service(int number) {
        return (v6 ? "fd00:96::" : "10.96.0.") + number;
    }

    private String to(String address, int port) {
        return (v6 ? "[" + address + "]" : address) + ":" + port;
    }

    private String anyHost() {
        return switch (random.nextInt(6)) {
            case 0 -> service(1 + random.nextInt(40));
            case 1 -> v6 ? "fd00:50::1" : "192.168.50.1";
            case 2 -> v6 ? "2001:db8::7" : "198.51.100.7";
            default -> pod(1 + random.nextInt(60));
        };
    }

    private String prefix() {
        int length = (v6 ? 128 : 32) - random.nextInt(9);
        return (oneIn(2) ? pod(random.nextInt(64)) : service(random.nextInt(48))) + "/" + length;
    }

    private String write() {
        int count = 20 + random.nextInt(24);
        for (int number = 1; number <= count; number++) {
            service(number, "KUBE-SVC-" + number, oneIn(6) ? "udp" : "tcp");
        }
        String reject = v6 ? "icmp6-port-unreachable" : "icmp-port-unreachable";
        StringBuilder out = new StringBuilder("""
                *filter
                :INPUT ACCEPT
                :FORWARD %s
                :OUTPUT ACCEPT
                :KUBE-FORWARD -
                :KUBE-SERVICES -
                -A FORWARD -j KUBE-FORWARD
                -A FORWARD -m conntrack --ctstate NEW -j KUBE-SERVICES
                -A OUTPUT -m conntrack --ctstate NEW -j KUBE-SERVICES
                -A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT
                """.formatted(oneIn(5) ? "DROP" : "ACCEPT"));
        filter.forEach(rule -> out.append(rule.replace("REFUSED", reject)).append('\n'));
        out.append("COMMIT\n*nat\n:PREROUTING ACCEPT\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT\n"
                + ":KUBE-SERVICES -\n:KUBE-NODEPORTS -\n:KUBE-MARK-MASQ -\n:KUBE-POSTROUTING -\n");
        chains.forEach(chain -> out.append(':').append(chain).append(" -\n"));
        out.append("-A PREROUTING -j KUBE-SERVICES\n-A OUTPUT -j KUBE-SERVICES\n-A POSTROUTING -j KUBE-POSTROUTING\n"
                + "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n"
                + "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN\n"
                + "-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0\n-A KUBE-POSTROUTING -j MASQUERADE\n");
        services.forEach(rule -> out.append(rule).append('\n'));
        out.append("-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS\n");
        nodePorts.forEach(rule -> out.append(rule).append('\n'));
        nat.forEach(rule -> out.append(rule).append('\n'));
        return out.append("COMMIT\n").toString();
    }

    private void service(int number, String chain, String protocol) {
        int port = oneIn(rarely) ? 443 : oneIn(2 * rarely) ? 8080 : 80;
        String wanted = " -d " + host(service(number)) + " -p " + protocol + " -m " + protocol + " --dport " + port;
        int endpoints = oneIn(9) ? 0 : oneIn(rarely) ? 1 + random.nextInt(3) : usual;
        if (endpoints == 0) {
            filter.add("-A KUBE-SERVICES" + wanted + " -j REJECT --reject-with REFUSED");
            return;
        }
        chains.add(chain);
        services.add("-A KUBE-SERVICES" + wanted + " -j " + chain);
        if (!oneIn(4 * rarely)) {
            nat.add("-A " + chain + " ! -s " + pods() + wanted + " -j KUBE-MARK-MASQ");
        }
        if (oneIn(2 * rarely)) {
            external(number, chain, protocol, port);
        }
        boolean affinity = oneIn(rarely + 2);
        for (int pass = affinity ? 0 : 1; pass < 2; pass++) {
            for (int i = 0; i < endpoints; i++) {
                String endpoint = "KUBE-SEP-" + number + "-" + i;
                String chance = pass == 0
                        ? " -m recent --rcheck --seconds 10800 --reap --name " + endpoint + " --rsource"
                        : i == endpoints - 1 ? "" : " -m statistic --mode random --probability 0.5";
                nat.add("-A " + chain + chance + " -j " + endpoint);
            }
        }
        for (int i = 0; i < endpoints; i++) {
            endpoint("KUBE-SEP-" + number + "-" + i, protocol, affinity);
        }
    }

    private void endpoint(String chain, String protocol, boolean affinity) {
        chains.add(chain);
        String address = oneIn(4 * rarely) ? anyHost() : pod(nearest + random.nextInt(30));
        nat.add("-A " + chain + " -s " + host(address) + " -j KUBE-MARK-MASQ");
        String recent = affinity ? " -m recent --set --name " + chain + " --rsource" : "";
        int port = oneIn(2 * rarely) ? new int[] {80, 53, 9090}[random.nextInt(3)] : 8080;
        nat.add("-A " + chain + " -p " + protocol + recent + " -m " + protocol + " -j DNAT --to-destination "
                + to(address, port));
    }

    private void external(int number, String chain, String protocol, int port) {
        String external = "KUBE-EXT-" + number;
        chains.add(external);
        if (oneIn(2)) {
            nat.add("-A " + external + " -j KUBE-MARK-MASQ");
        } else {
            nat.add("-A " + external + " -s " + pods() + " -j " + chain);
            nat.add("-A " + external + " -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ");
        }
        nat.add("-A " + external + " -j " + chain);
        nodePorts.add("-A KUBE-NODEPORTS -p " + protocol + " -m " + protocol + " --dport " + (30000 + number) + " -j "
                + external);
        String balanced = host((v6 ? "2001:db8::" : "203.0.113.") + number);
        services.add("-A KUBE-SERVICES -d " + balanced + " -p " + protocol + " -m " + protocol + " --dport " + port
                + " -j " + external);
    }

    /** Changes a few lines so that the rules are still ones. */
    String mutate(String rules) {
        List<String> lines = new ArrayList<>(rules.lines().toList());
        for (int change = 1 + random.nextInt(6); change > 0; change--) {
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            if (!line.startsWith("-A")) {
                continue;
            }
            switch (random.nextInt(7)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, line);
                case 2 -> lines.set(at, line.replaceFirst("dport 80\\b", "dport " + (79 + random.nextInt(3))));
                case 3 -> lines.set(at, line.replaceFirst("(-[sd]) [0-9a-f.:]+/[0-9]+", "$1 " + prefix()));
                case 4 -> lines.set(at, line.replaceFirst("(-[sd]) [0-9a-f.:]+/[0-9]+", "$1 " + host(anyHost())));
                case 5 -> lines.add(at, line.replaceFirst(" -j .*", " -s " + prefix() + " -j KUBE-MARK-MASQ"));
                default -> lines.add(at, free(line.split(" ")[1]));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private String free(String chain) {
        String test = switch (random.nextInt(8)) {
            case 0 -> " -s " + prefix();
            case 1 -> " -d " + prefix();
            case 2 -> " -s " + host(anyHost());
            case 3 -> " -d " + host(anyHost());
            case 4 -> " -p tcp -m tcp --dport " + (oneIn(2) ? 80 : 8080);
            case 5 -> " -p tcp -m multiport --dports 53,8000:8090";
            case 6 -> " -m addrtype --src-type LOCAL";
            default -> " -m statistic --mode random --probability 0.25";
        };
        String target = switch (random.nextInt(5)) {
            case 0 -> "DROP";
            case 1 -> "ACCEPT";
            case 2 -> "RETURN";
            default -> "MARK --set-xmark 0x" + (oneIn(2) ? "4000/0x4000" : "1/0x1");
        };
        return "-A " + chain + test + " -j " + target;
    }

    /** The rules of a cluster with a few changes. */
    static String mutated(Random random, boolean v6) {
        SmallCluster cluster = new SmallCluster(random, v6);
        return cluster.mutate(cluster.write());
    }
}
