package dev.podpath.it.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Random rules as kube-proxy writes them: services of all kinds and policies over the pods of the laboratory. */
@SuppressWarnings("StringConcatToTextBlock")
final class KubeRules {
    private final Random random;
    private final Addresses addresses;
    private final List<String> filter = new ArrayList<>();
    private final List<String> chains = new ArrayList<>();
    private final List<String> nat = new ArrayList<>();
    private final List<String> services = new ArrayList<>();

    private KubeRules(Random random, Addresses addresses) {
        this.random = random;
        this.addresses = addresses;
    }

    static String write(Random random, Addresses addresses) {
        return write(random, addresses, 4);
    }

    /** Rules of so many services. */
    static String write(Random random, Addresses addresses, int count) {
        return new KubeRules(random, addresses).write(count);
    }

    private String write(int count) {
        for (int i = 0; i < count; i++) {
            service(i);
        }
        boolean drop = random.nextInt(4) == 0;
        return String.join(
                        "\n",
                        "*filter",
                        ":INPUT ACCEPT [0:0]",
                        ":FORWARD " + (drop ? "DROP" : "ACCEPT") + " [0:0]",
                        ":OUTPUT ACCEPT [0:0]",
                        ":KUBE-EXTERNAL-SERVICES - [0:0]",
                        ":KUBE-FORWARD - [0:0]",
                        ":KUBE-NODEPORTS - [0:0]",
                        ":KUBE-PROXY-FIREWALL - [0:0]",
                        ":KUBE-SERVICES - [0:0]",
                        "-A INPUT -m conntrack --ctstate NEW -j KUBE-PROXY-FIREWALL",
                        "-A INPUT -j KUBE-NODEPORTS",
                        "-A INPUT -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES",
                        "-A FORWARD -m conntrack --ctstate NEW -j KUBE-PROXY-FIREWALL",
                        "-A FORWARD -m comment --comment \"kubernetes forwarding rules\" -j KUBE-FORWARD",
                        "-A FORWARD -m conntrack --ctstate NEW -j KUBE-SERVICES",
                        "-A FORWARD -m conntrack --ctstate NEW -j KUBE-EXTERNAL-SERVICES",
                        "-A OUTPUT -m conntrack --ctstate NEW -j KUBE-PROXY-FIREWALL",
                        "-A OUTPUT -m conntrack --ctstate NEW -j KUBE-SERVICES",
                        "-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP",
                        "-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT",
                        "-A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT")
                + lines(filter)
                + "\nCOMMIT\n*nat\n"
                + String.join(
                        "\n",
                        ":PREROUTING ACCEPT [0:0]",
                        ":INPUT ACCEPT [0:0]",
                        ":OUTPUT ACCEPT [0:0]",
                        ":POSTROUTING ACCEPT [0:0]",
                        ":KUBE-MARK-MASQ - [0:0]",
                        ":KUBE-NODEPORTS - [0:0]",
                        ":KUBE-POSTROUTING - [0:0]",
                        ":KUBE-SERVICES - [0:0]")
                + lines(chains)
                + "\n"
                + String.join(
                        "\n",
                        "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                        "-A OUTPUT -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                        "-A POSTROUTING -m comment --comment \"kubernetes postrouting rules\" -j KUBE-POSTROUTING",
                        "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
                        "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
                        "-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0",
                        "-A KUBE-POSTROUTING -j MASQUERADE --random-fully")
                + lines(nat)
                + lines(services)
                + "\n-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS\nCOMMIT\n";
    }

    private static String lines(List<String> lines) {
        return lines.isEmpty() ? "" : "\n" + String.join("\n", lines);
    }

    private void service(int number) {
        String protocol = random.nextInt(4) == 0 ? "udp" : random.nextInt(6) == 0 ? "sctp" : "tcp";
        String port = " -p " + protocol + " -m " + protocol + " --dport ";
        int vipPort = Addresses.PORTS[random.nextInt(3)];
        String vip = "-d " + addresses.host(addresses.vip(number)) + port + vipPort;
        String lb = "-d " + addresses.host(addresses.loadBalancer(number)) + port + vipPort;
        int nodePort = 30080 + number;
        List<Integer> endpoints = new ArrayList<>();
        for (int pod = 1; pod <= KernelLab.PODS; pod++) {
            if (random.nextInt(3) == 0) {
                endpoints.add(pod);
            }
        }
        boolean localPolicy = random.nextBoolean();
        boolean ranges = random.nextBoolean();
        if (endpoints.isEmpty()) {
            String reject = addresses.isV6() ? " -j REJECT --reject-with icmp6-port-unreachable" : " -j REJECT";
            filter.add("-A KUBE-SERVICES " + vip + reject);
            filter.add("-A KUBE-EXTERNAL-SERVICES " + lb + reject);
            filter.add("-A KUBE-EXTERNAL-SERVICES -m addrtype --dst-type LOCAL" + port + nodePort + reject);
            return;
        }
        String svc = "KUBE-SVC-" + number;
        String svl = "KUBE-SVL-" + number;
        String ext = "KUBE-EXT-" + number;
        String firewall = "KUBE-FW-" + number;
        for (String chain : new String[] {svc, svl, ext, firewall}) {
            chains.add(":" + chain + " - [0:0]");
        }
        services.add("-A KUBE-SERVICES " + vip + " -j " + svc);
        services.add("-A KUBE-SERVICES " + lb + " -j " + (ranges ? firewall : ext));
        nat.add("-A KUBE-NODEPORTS" + port + nodePort + " -j " + ext);
        if (ranges) {
            nat.add("-A " + firewall + " -s " + addresses.far() + " -j " + ext);
            nat.add("-A " + firewall);
            filter.add("-A KUBE-PROXY-FIREWALL " + lb + " -j DROP");
        }
        List<Integer> local = endpoints.subList(0, random.nextInt(endpoints.size() + 1));
        if (localPolicy) {
            nat.add("-A " + ext + " -s " + addresses.pods() + " -j " + svc);
            nat.add("-A " + ext + " -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ");
            nat.add("-A " + ext + " -m addrtype --src-type LOCAL -j " + svc);
            if (local.isEmpty()) {
                filter.add("-A KUBE-EXTERNAL-SERVICES " + lb + " -j DROP");
                filter.add("-A KUBE-EXTERNAL-SERVICES -m addrtype --dst-type LOCAL" + port + nodePort + " -j DROP");
            } else {
                nat.add("-A " + ext + " -j " + svl);
                balance(svl, number, local, false);
            }
        } else {
            nat.add("-A " + ext + " -j KUBE-MARK-MASQ");
            nat.add("-A " + ext + " -j " + svc);
        }
        nat.add("-A " + svc + " ! -s " + addresses.pods() + " " + vip + " -j KUBE-MARK-MASQ");
        boolean affinity = random.nextInt(4) == 0;
        for (int pod : endpoints) {
            endpoint(number, pod, protocol, affinity);
        }
        balance(svc, number, endpoints, affinity);
    }

    private void endpoint(int number, int pod, String protocol, boolean affinity) {
        String chain = "KUBE-SEP-" + number + "-" + pod;
        chains.add(":" + chain + " - [0:0]");
        nat.add("-A " + chain + " -s " + addresses.host(addresses.pod(pod)) + " -j KUBE-MARK-MASQ");
        String to = addresses.isV6() ? "[" + addresses.pod(pod) + "]" : addresses.pod(pod);
        nat.add("-A " + chain + (affinity ? " -m recent --name " + chain + " --set" : "") + " -p " + protocol + " -m "
                + protocol + " -j DNAT --to-destination " + to + ":" + (8000 + pod));
    }

    private void balance(String chain, int number, List<Integer> endpoints, boolean affinity) {
        String prefix = "-A " + chain;
        if (affinity) {
            for (int pod : endpoints) {
                String to = "KUBE-SEP-" + number + "-" + pod;
                nat.add(prefix + " -m recent --name " + to + " --rcheck --seconds 10800 --reap -j " + to);
            }
        }
        for (int i = 0; i < endpoints.size(); i++) {
            int left = endpoints.size() - i;
            String chance = left == 1
                    ? ""
                    : String.format(Locale.ROOT, " -m statistic --mode random --probability %.10f", 1.0 / left);
            nat.add(prefix + chance + " -j KUBE-SEP-" + number + "-" + endpoints.get(i));
        }
    }
}
