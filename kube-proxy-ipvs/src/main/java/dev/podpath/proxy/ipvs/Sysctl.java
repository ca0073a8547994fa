package dev.podpath.proxy.ipvs;

import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.node.NodeState;
import dev.podpath.ports.snapshot.Document;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;

/**
 * The settings of IPVS on a node, from {@code sysctl.txt} ({@code sysctl -a}): lines {@code net.ipv4.vs.NAME = VALUE}
 * (Documentation/networking/ipvs-sysctl.rst). What was not captured is taken to be
 * what kube-proxy sets, and the kernel's default for conn_reuse_mode, which kube-proxy leaves alone since Linux 5.9.
 */
final class Sysctl {
    static final String FILE = "sysctl.txt";
    private static final String PREFIX = "net.ipv4.vs.";

    private final Map<String, Setting> settings;

    /**
     * A setting.
     *
     * @param value its value
     * @param evidence where it was captured; empty where it is taken for granted
     */
    record Setting(int value, Option<Evidence> evidence) {
        boolean isOn() {
            return value != 0;
        }
    }

    private Sysctl(Map<String, Setting> settings) {
        this.settings = settings;
    }

    static Sysctl read(NodeState node) {
        return new Sysctl(node.document(FILE).map(Sysctl::read).getOrElse(HashMap.empty()));
    }

    private static Map<String, Setting> read(Document document) {
        Map<String, Setting> found = HashMap.empty();
        for (int line = 1; line <= document.lines().count(); line++) {
            String text = document.lines().line(line);
            int equals = text.indexOf('=');
            if (text.startsWith(PREFIX) && equals > 0) {
                String value = text.substring(equals + 1).strip();
                if (!value.isEmpty() && value.length() < 10 && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    found = found.put(
                            text.substring(PREFIX.length(), equals).strip(),
                            new Setting(Integer.parseInt(value), Option.some(document.line(line))));
                }
            }
        }
        return found;
    }

    /** Whether connection tracking sees what IPVS balances. */
    Setting conntrack() {
        return get("conntrack", 1);
    }

    /** Whether a connection whose server is gone or of weight 0 is given another one. */
    Setting expireNodestConn() {
        return get("expire_nodest_conn", 1);
    }

    /** Whether a client that is kept at a server of weight 0 is given another one. */
    Setting expireQuiescentTemplate() {
        return get("expire_quiescent_template", 1);
    }

    /** What becomes of a new connection with the addresses and ports of an old one; bits. */
    Setting connReuseMode() {
        return get("conn_reuse_mode", 1);
    }

    private Setting get(String name, int otherwise) {
        return settings.getOrElse(name, new Setting(otherwise, Option.none()));
    }

    /** What a result that relies on a setting must say, where it was not captured. */
    static Option<String> assumption(NodeState node, String name, Setting setting) {
        return setting.evidence().isDefined()
                ? Option.none()
                : Option.some(PREFIX + name + " is " + setting.value() + " on node " + node.name() + ", because "
                        + node.path(FILE) + " (sysctl -a) does not give it");
    }
}
