package dev.podpath.testkit.reference;

import java.util.Locale;

/** The ipsets of kube-proxy's IPVS mode (pkg/proxy/ipvs/ipset.go), in the order in which it makes them. */
enum KubeSet {
    LOOP_BACK(
            "LOOP-BACK", "hash:ip,port,ip", "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose"),
    CLUSTER_IP("CLUSTER-IP", "hash:ip,port", "Kubernetes service cluster ip + port for masquerade purpose"),
    EXTERNAL_IP(
            "EXTERNAL-IP", "hash:ip,port", "Kubernetes service external ip + port for masquerade and filter purpose"),
    EXTERNAL_IP_LOCAL(
            "EXTERNAL-IP-LOCAL",
            "hash:ip,port",
            "Kubernetes service external ip + port with externalTrafficPolicy=local"),
    LOAD_BALANCER("LOAD-BALANCER", "hash:ip,port", "Kubernetes service lb portal"),
    LOAD_BALANCER_FW(
            "LOAD-BALANCER-FW",
            "hash:ip,port",
            "Kubernetes service load balancer ip + port for load balancer with sourceRange"),
    LOAD_BALANCER_LOCAL(
            "LOAD-BALANCER-LOCAL",
            "hash:ip,port",
            "Kubernetes service load balancer ip + port with externalTrafficPolicy=local"),
    LOAD_BALANCER_SOURCE_IP(
            "LOAD-BALANCER-SOURCE-IP",
            "hash:ip,port,ip",
            "Kubernetes service load balancer ip + port + source IP for packet filter purpose"),
    LOAD_BALANCER_SOURCE_CIDR(
            "LOAD-BALANCER-SOURCE-CIDR",
            "hash:ip,port,net",
            "Kubernetes service load balancer ip + port + source cidr for packet filter purpose"),
    NODE_PORT_TCP("NODE-PORT-TCP", "bitmap:port", "Kubernetes nodeport TCP port for masquerade purpose"),
    NODE_PORT_LOCAL_TCP(
            "NODE-PORT-LOCAL-TCP", "bitmap:port", "Kubernetes nodeport TCP port with externalTrafficPolicy=local"),
    NODE_PORT_UDP("NODE-PORT-UDP", "bitmap:port", "Kubernetes nodeport UDP port for masquerade purpose"),
    NODE_PORT_LOCAL_UDP(
            "NODE-PORT-LOCAL-UDP", "bitmap:port", "Kubernetes nodeport UDP port with externalTrafficPolicy=local"),
    NODE_PORT_SCTP(
            "NODE-PORT-SCTP-HASH",
            "hash:ip,port",
            "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'"),
    NODE_PORT_LOCAL_SCTP(
            "NODE-PORT-LOCAL-SCTP-HASH",
            "hash:ip,port",
            "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'"),
    HEALTH_CHECK_NODE_PORT("HEALTH-CHECK-NODE-PORT", "bitmap:port", "Kubernetes health check node port"),
    IPVS_IPS("IPVS-IPS", "hash:ip", "Kubernetes service ip addresses on the dummy interface");

    private static final int MAX_NAME = 31;

    private final String suffix;
    private final String type;
    private final String comment;

    KubeSet(String suffix, String type, String comment) {
        this.suffix = suffix;
        this.type = type;
        this.comment = comment;
    }

    /** What the rules that look at it are commented with. */
    String comment() {
        return comment;
    }

    /** Name of the set; those of the second family are cut where they are too long. */
    String name(boolean v6) {
        String name = (v6 ? "KUBE-6-" : "KUBE-") + suffix;
        return name.substring(0, Math.min(MAX_NAME, name.length()));
    }

    /** What it is made with, as {@code ipset save} prints it. */
    String create(boolean v6) {
        String options = type.startsWith("bitmap")
                ? " range 0-65535"
                : " family " + (v6 ? "inet6" : "inet")
                        + " hashsize 1024 maxelem 65536 bucketsize 12 initval 0x"
                        + String.format(Locale.ROOT, "%08x", 0x5bd1e995 * (ordinal() + (v6 ? 64 : 1)));
        return "create " + name(v6) + " " + type + options;
    }
}
