package dev.podpath.it.kernel;

import dev.podpath.proxy.iptables.eval.Netfilter;

/** The laboratory's node as it stands when nobody is in it: rules given as text, addresses and routes as they are there. */
public final class TextNode {
    static final String ADDRESSES = """
            [{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8},{"local":"::1","prefixlen":128}]},
             {"ifname":"ext0","addr_info":[{"local":"192.168.50.1","prefixlen":24},{"local":"fd00:50::1","prefixlen":64}]},
             {"ifname":"pod1","addr_info":[{"local":"10.244.0.1","prefixlen":32},{"local":"fd00:10:244::1","prefixlen":128}]}]
            """;
    static final String ROUTES = """
            [{"dst":"default","gateway":"192.168.50.254","dev":"ext0"},{"dst":"192.168.50.0/24","dev":"ext0"},
             {"dst":"10.244.0.11","dev":"pod1"},{"dst":"10.244.0.12","dev":"pod2"},{"dst":"10.244.0.13","dev":"pod3"},
             {"dst":"default","gateway":"fd00:50::fe","dev":"ext0"},{"dst":"fd00:50::/64","dev":"ext0"},
             {"dst":"fd00:10:244::11","dev":"pod1"},{"dst":"fd00:10:244::12","dev":"pod2"}]
            """;

    private TextNode() {}

    /** The node with these IPv4 rules. */
    public static Netfilter netfilter(String rules) {
        return netfilter(false, rules, "");
    }

    /** The node with these rules of a family, and sets as {@code ipset save} prints them. */
    public static Netfilter netfilter(boolean v6, String rules, String sets) {
        return LabNode.netfilter(v6, rules, ADDRESSES, ROUTES, sets);
    }
}
