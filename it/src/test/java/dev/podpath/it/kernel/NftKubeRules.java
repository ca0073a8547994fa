package dev.podpath.it.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random rules as kube-proxy's nftables mode writes them: services of all kinds and policies over the pods of the laboratory. */
final class NftKubeRules {
    private final Random random;
    private final Addresses addresses;
    private final String ip;
    private final Map<String, List<String>> chains = new LinkedHashMap<>();
    private final List<String> services = new ArrayList<>();
    private final List<String> nodePorts = new ArrayList<>();
    private final List<String> noEndpoints = new ArrayList<>();
    private final List<String> noEndpointNodePorts = new ArrayList<>();
    private final List<String> firewall = new ArrayList<>();
    private final List<String> clusterIps = new ArrayList<>();
    private final List<String> affinity = new ArrayList<>();

    private NftKubeRules(Random random, Addresses addresses) {
        this.random = random;
        this.addresses = addresses;
        this.ip = addresses.isV6() ? "ip6" : "ip";
    }

    static String write(Random random, Addresses addresses) {
        return new NftKubeRules(random, addresses).write();
    }

    private void add(String chain, String rule) {
        chains.computeIfAbsent(chain, name -> new ArrayList<>()).add(rule);
    }

    private String write() {
        boolean turns = random.nextInt(3) == 0;
        for (int i = 0; i < 4; i++) {
            service(i, turns ? "inc" : "random");
        }
        String local = random.nextBoolean()
                ? "fib daddr type local " + ip + " daddr != " + (addresses.isV6() ? "::1" : "127.0.0.0/8")
                : ip + " daddr @nodeport-ips";
        String key = ip + " daddr . meta l4proto . th dport vmap @";
        boolean newer = random.nextBoolean();
        StringBuilder out = new StringBuilder("table " + ip + " kube-proxy {\n");
        String address = addresses.isV6() ? "ipv6_addr" : "ipv4_addr";
        set(out, "set cluster-ips", "type " + address, clusterIps);
        set(out, "set nodeport-ips", "type " + address, List.of(addresses.node()));
        String full = "type " + address + " . inet_proto . inet_service : verdict";
        String port = "type inet_proto . inet_service : verdict";
        chain(out, "reject-chain", "", List.of("reject"));
        chain(out, "mark-for-masquerade", "", List.of("meta mark set meta mark or 0x4000"));
        chains.forEach((name, rules) -> {
            if (name.startsWith("endpoint-")) {
                chain(out, name, "", rules);
            }
        });
        affinity.forEach(out::append);
        chains.forEach((name, rules) -> {
            if (name.startsWith("service-") || name.startsWith("local-") || name.startsWith("firewall-")) {
                chain(out, name, "", rules);
            }
        });
        chains.forEach((name, rules) -> {
            if (name.startsWith("external-")) {
                chain(out, name, "", rules);
            }
        });
        set(out, "map no-endpoint-services", full, noEndpoints);
        set(out, "map no-endpoint-nodeports", port, noEndpointNodePorts);
        set(out, "map firewall-ips", full, firewall);
        set(out, "map service-ips", full, services);
        set(out, "map service-nodeports", port, nodePorts);
        chain(
                out,
                "cluster-ips-check",
                "",
                List.of(
                        ip + " daddr @cluster-ips reject",
                        ip + " daddr " + (addresses.isV6() ? "fd00:96::/112" : "10.96.0.0/16") + " drop"));
        chain(
                out,
                "nodeport-endpoints-check",
                "",
                List.of(local + " meta l4proto . th dport vmap @no-endpoint-nodeports"));
        chain(out, "service-endpoints-check", "", List.of(key + "no-endpoint-services"));
        chain(out, "firewall-check", "", List.of(key + "firewall-ips"));
        chain(
                out,
                "masquerading",
                "",
                List.of(
                        "meta mark and 0x4000 == 0 return",
                        "meta mark set meta mark xor 0x4000",
                        "masquerade fully-random"));
        chain(
                out,
                "services",
                "",
                List.of(key + "service-ips", local + " meta l4proto . th dport vmap @service-nodeports"));
        hooks(out, newer);
        return out.append("}\n").toString();
    }

    private static void hooks(StringBuilder out, boolean newer) {
        String fresh = "ct state new jump ";
        String check = newer ? "filter" : "-110";
        chain(out, "filter-prerouting", "type filter hook prerouting priority -110", List.of(fresh + "firewall-check"));
        chain(
                out,
                "filter-input",
                "type filter hook input priority " + check,
                List.of(fresh + "nodeport-endpoints-check", fresh + "service-endpoints-check"));
        chain(
                out,
                "filter-forward",
                "type filter hook forward priority " + check,
                List.of(fresh + "service-endpoints-check", fresh + "cluster-ips-check"));
        chain(
                out,
                "filter-output",
                "type filter hook output priority " + (newer ? "0" : "-110"),
                newer
                        ? List.of(fresh + "service-endpoints-check", fresh + "cluster-ips-check")
                        : List.of(fresh + "service-endpoints-check", fresh + "firewall-check"));
        if (newer) {
            chain(
                    out,
                    "filter-output-pre-dnat",
                    "type filter hook output priority -110",
                    List.of(fresh + "firewall-check"));
        } else {
            chain(
                    out,
                    "filter-output-post-dnat",
                    "type filter hook output priority -90",
                    List.of(fresh + "cluster-ips-check"));
        }
        chain(out, "nat-prerouting", "type nat hook prerouting priority dstnat", List.of("jump services"));
        chain(out, "nat-output", "type nat hook output priority -100", List.of("jump services"));
        chain(out, "nat-postrouting", "type nat hook postrouting priority srcnat", List.of("jump masquerading"));
    }

    private static void set(StringBuilder out, String head, String type, List<String> elements) {
        out.append("\t").append(head).append(" {\n\t\t").append(type).append('\n');
        if (!elements.isEmpty()) {
            out.append("\t\telements = { ").append(String.join(", ", elements)).append(" }\n");
        }
        out.append("\t}\n");
    }

    private static void chain(StringBuilder out, String name, String hook, List<String> rules) {
        out.append("\tchain ").append(name).append(" {\n");
        if (!hook.isEmpty()) {
            out.append("\t\t").append(hook).append("; policy accept;\n");
        }
        rules.forEach(rule -> out.append("\t\t").append(rule).append('\n'));
        out.append("\t}\n");
    }

    private void service(int number, String numgen) {
        String protocol = random.nextInt(4) == 0 ? "udp" : random.nextInt(6) == 0 ? "sctp" : "tcp";
        int vipPort = Addresses.PORTS[random.nextInt(3)];
        String port = " . " + protocol + " . " + vipPort;
        String nodePort = protocol + " . " + (30080 + number);
        clusterIps.add(addresses.vip(number));
        List<Integer> endpoints = new ArrayList<>();
        for (int pod = 1; pod <= KernelLab.PODS; pod++) {
            if (random.nextInt(3) == 0) {
                endpoints.add(pod);
            }
        }
        if (endpoints.isEmpty()) {
            String refused = " : goto reject-chain";
            noEndpoints.add(addresses.vip(number) + port + refused);
            noEndpoints.add(addresses.loadBalancer(number) + port + refused);
            noEndpointNodePorts.add(nodePort + refused);
            return;
        }
        services.add(addresses.vip(number) + port + " : goto service-" + number);
        services.add(addresses.loadBalancer(number) + port + " : goto external-" + number);
        nodePorts.add(nodePort + " : goto external-" + number);
        if (random.nextBoolean()) {
            firewall.add(addresses.loadBalancer(number) + port + " : goto firewall-" + number);
            add("firewall-" + number, ip + " saddr != { " + addresses.far() + ", " + addresses.node() + " } drop");
        }
        boolean sticky = random.nextInt(4) == 0;
        String external = "external-" + number;
        if (random.nextBoolean()) {
            List<Integer> local = endpoints.subList(0, random.nextInt(endpoints.size() + 1));
            add(external, ip + " saddr " + addresses.pods() + " goto service-" + number);
            add(external, "fib saddr type local jump mark-for-masquerade");
            add(external, "fib saddr type local goto service-" + number);
            if (local.isEmpty()) {
                noEndpoints.add(addresses.loadBalancer(number) + port + " : drop");
                noEndpointNodePorts.add(nodePort + " : drop");
            } else {
                add(external, "goto local-" + number);
                choose("local-" + number, number, local, false, numgen);
            }
        } else {
            add(external, "jump mark-for-masquerade");
            add(external, "goto service-" + number);
        }
        add(
                "service-" + number,
                ip + " daddr " + addresses.vip(number) + " " + protocol + " dport " + vipPort + " " + ip + " saddr != "
                        + addresses.pods() + " jump mark-for-masquerade");
        for (int pod : endpoints) {
            endpoint(number, pod, protocol, sticky);
        }
        choose("service-" + number, number, endpoints, sticky, numgen);
    }

    private void endpoint(int number, int pod, String protocol, boolean sticky) {
        String chain = "endpoint-" + number + "-" + pod;
        add(chain, ip + " saddr " + addresses.pod(pod) + " jump mark-for-masquerade");
        if (sticky) {
            affinity.add("\tset affinity-" + number + "-" + pod + " {\n\t\ttype "
                    + (addresses.isV6() ? "ipv6_addr" : "ipv4_addr")
                    + "\n\t\tsize 65535\n\t\tflags dynamic,timeout\n\t\ttimeout 3h\n\t}\n");
            add(chain, "update @affinity-" + number + "-" + pod + " { " + ip + " saddr }");
        }
        String to = addresses.isV6() ? "[" + addresses.pod(pod) + "]" : addresses.pod(pod);
        add(chain, "meta l4proto " + protocol + " dnat to " + to + ":" + (8000 + pod));
    }

    private void choose(String chain, int number, List<Integer> endpoints, boolean sticky, String numgen) {
        if (sticky) {
            for (int pod : endpoints) {
                String name = number + "-" + pod;
                add(chain, ip + " saddr @affinity-" + name + " goto endpoint-" + name);
            }
        }
        List<String> ways = new ArrayList<>();
        for (int i = 0; i < endpoints.size(); i++) {
            ways.add(i + " : goto endpoint-" + number + "-" + endpoints.get(i));
        }
        add(chain, "numgen " + numgen + " mod " + endpoints.size() + " vmap { " + String.join(", ", ways) + " }");
    }
}
