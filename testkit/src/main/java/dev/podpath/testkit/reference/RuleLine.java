package dev.podpath.testkit.reference;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;

/**
 * One rule in the words and the order of {@code iptables-save}: source, destination, input interface, protocol, then
 * the matches as they were given, then the target (iptables {@code iptables.c}, {@code print_rule4}).
 */
final class RuleLine {
    private String source = "";
    private String destination = "";
    private String device = "";
    private String protocol = "";
    private final StringBuilder matches = new StringBuilder();

    static RuleLine any() {
        return new RuleLine();
    }

    RuleLine from(IpPrefix prefix) {
        source = "-s " + prefix + " ";
        return this;
    }

    RuleLine notFrom(IpPrefix prefix) {
        source = "! -s " + prefix + " ";
        return this;
    }

    RuleLine to(IpPrefix prefix) {
        destination = "-d " + prefix + " ";
        return this;
    }

    RuleLine to(IpAddress address) {
        return to(IpPrefix.host(address));
    }

    RuleLine notTo(IpPrefix prefix) {
        destination = "! -d " + prefix + " ";
        return this;
    }

    /** What the detector takes for pods of the node, or for everybody else. */
    RuleLine pods(LocalDetector detector, boolean v6, boolean wanted) {
        detector.prefix(v6).forEach(prefix -> source = (wanted ? "-s " : "! -s ") + prefix + " ");
        if (detector instanceof LocalDetector.ByBridge bridge) {
            device = (wanted ? "-i " : "! -i ") + bridge.name() + " ";
        } else if (detector instanceof LocalDetector.ByInterfacePrefix names) {
            device = (wanted ? "-i " : "! -i ") + names.prefix() + "+ ";
        }
        return this;
    }

    RuleLine comment(String text) {
        return match("-m comment --comment " + quoted(text));
    }

    RuleLine protocol(Protocol of) {
        protocol = "-p " + of.lower() + " ";
        return match("-m " + of.lower());
    }

    /** Without the match of that name. */
    RuleLine onlyProtocol(Protocol of) {
        protocol = "-p " + of.lower() + " ";
        return this;
    }

    RuleLine port(Protocol of, int number) {
        protocol(of);
        return match("--dport " + number);
    }

    RuleLine newConnection() {
        return match("-m conntrack --ctstate NEW");
    }

    RuleLine toLocal() {
        return match("-m addrtype --dst-type LOCAL");
    }

    RuleLine fromLocal() {
        return match("-m addrtype --src-type LOCAL");
    }

    RuleLine mark(int mark) {
        return match("-m mark --mark " + hex(mark) + "/" + hex(mark));
    }

    RuleLine recentlyUsed(String list, int seconds, boolean v6) {
        return match("-m recent --rcheck --seconds " + seconds + " --reap --name " + list + mask(v6));
    }

    RuleLine rememberIn(String list, boolean v6) {
        return match("-m recent --set --name " + list + mask(v6));
    }

    /** The tool prints two blanks before the counter's name. */
    RuleLine counted(String counter) {
        return match("-m nfacct --nfacct-name  " + counter);
    }

    RuleLine match(String text) {
        matches.append(text).append(' ');
        return this;
    }

    String jump(String target) {
        return (source + destination + device + protocol + matches).concat("-j " + target);
    }

    String reject(boolean v6) {
        return jump("REJECT --reject-with " + (v6 ? "icmp6-port-unreachable" : "icmp-port-unreachable"));
    }

    /** A rule that only carries its comment. */
    String withoutTarget() {
        return (source + destination + device + protocol + matches).stripTrailing();
    }

    static String hex(int mark) {
        return "0x" + Integer.toHexString(mark);
    }

    private static String mask(boolean v6) {
        return (v6 ? " --mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" : " --mask 255.255.255.255") + " --rsource";
    }

    /** As {@code xtables_save_string} does. */
    private static String quoted(String text) {
        boolean plain = !text.isEmpty()
                && text.chars()
                        .allMatch(c -> c == '_'
                                || c == '-'
                                || (c >= '0' && c <= '9')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= 'a' && c <= 'z'));
        return plain
                ? text
                : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("'", "\\'") + '"';
    }
}
