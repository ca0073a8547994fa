package dev.podpath.proxy.nftables.parse;

import dev.podpath.proxy.nftables.rule.Content;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Statement.Op;
import dev.podpath.proxy.nftables.rule.Verdict;

/** Makes statements so that text and JSON give the same ones, and common ones only once. */
final class Make {
    static final Statement COUNTER = new Statement.Neutral("counter");
    static final Statement REJECT = new Statement.Reject("");

    private static final String[] ICMP = {
        "net-unreachable",
        "host-unreachable",
        "prot-unreachable",
        "port-unreachable",
        "",
        "",
        "",
        "",
        "",
        "net-prohibited",
        "host-prohibited",
        "",
        "",
        "admin-prohibited"
    };
    private static final String[] ICMPV6 = {
        "no-route", "admin-prohibited", "", "addr-unreachable", "port-unreachable", "policy-fail", "reject-route"
    };
    private static final String[] ICMPX = {"no-route", "port-unreachable", "host-unreachable", "admin-prohibited"};

    private static final Statement[] PLAIN = new Statement[16];
    private static final String[] PAYLOAD = {
        "ip saddr ", "ip daddr ", "ip6 saddr ", "ip6 daddr ", "tcp ", "udp ", "sctp ", "th "
    };

    static {
        for (int kind = Verdict.CONTINUE; kind <= Verdict.RETURN; kind++) {
            PLAIN[kind] = new Statement.Decide(kind);
        }
    }

    private Make() {}

    static Statement decide(int verdict) {
        Statement plain = verdict < PLAIN.length ? PLAIN[verdict] : null;
        return plain == null ? new Statement.Decide(verdict) : plain;
    }

    /** A set of one range is that range. */
    static Statement lookup(Expr key, boolean negated, Content content) {
        if (content instanceof Elements own
                && own.size() == 1
                && own.width() == 1
                && own.otherwise() < 0
                && !(key instanceof Expr.Concat)) {
            return new Statement.Compare(
                    key,
                    negated ? Op.NEQ : Op.EQ,
                    own.firstHigh(0, 0),
                    own.firstLow(0, 0),
                    own.lastHigh(0, 0),
                    own.lastLow(0, 0));
        }
        return new Statement.Lookup(key, negated, content);
    }

    /** Codes of ICMP by name (include/uapi/linux/icmp.h, icmpv6.h, nf_tables.h); the usual one is not always spelled out. */
    static Statement reject(String kind, String code) {
        String[] names = kind.equals("icmp") ? ICMP : kind.equals("icmpv6") ? ICMPV6 : ICMPX;
        String name = code;
        for (int i = 0; i < names.length; i++) {
            name = code.equals(Integer.toString(i)) && !names[i].isEmpty() ? names[i] : name;
        }
        return name.equals("port-unreachable") ? REJECT : new Statement.Reject(kind + " " + name);
    }

    /**
     * A statement that is not modelled.
     *
     * @param sets whether it sets something
     * @param followed whether another statement follows it
     */
    static Statement unknown(String text, boolean sets, boolean followed) {
        if (sets) {
            for (String field : PAYLOAD) {
                if (text.startsWith(field) && !text.startsWith("tcp option ")) {
                    return new Statement.Unsupported(text);
                }
            }
            return new Statement.Neutral(text);
        }
        return followed ? new Statement.Uncertain(text, false) : new Statement.Unsupported(text);
    }
}
