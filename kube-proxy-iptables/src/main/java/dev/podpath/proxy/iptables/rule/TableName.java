package dev.podpath.proxy.iptables.rule;

import io.vavr.control.Option;

/** The tables of the packet filter. */
public enum TableName {
    /** Before connection tracking. */
    RAW("raw", Hook.PREROUTING, Hook.OUTPUT),
    /** Changes of packets. */
    MANGLE("mangle", Hook.values()),
    /** Translation of addresses; only the first packet of a connection meets it. */
    NAT("nat", Hook.PREROUTING, Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING),
    /** Filtering. */
    FILTER("filter", Hook.INPUT, Hook.FORWARD, Hook.OUTPUT),
    /** Mandatory access control, after filter. */
    SECURITY("security", Hook.INPUT, Hook.FORWARD, Hook.OUTPUT);

    private final String text;
    private final Hook[] hooks;

    TableName(String text, Hook... hooks) {
        this.text = text;
        this.hooks = hooks;
    }

    /** As {@code -t} names it. */
    public String text() {
        return text;
    }

    /** Whether the table has a built-in chain at this hook. */
    public boolean isAt(Hook hook) {
        for (Hook candidate : hooks) {
            if (candidate == hook) {
                return true;
            }
        }
        return false;
    }

    /** The table of this name. */
    public static Option<TableName> parse(String text) {
        for (TableName table : values()) {
            if (table.text.equals(text)) {
                return Option.some(table);
            }
        }
        return Option.none();
    }
}
