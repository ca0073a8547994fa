package dev.podpath.proxy.iptables.eval;

import dev.podpath.proxy.iptables.rule.Hook;
import dev.podpath.proxy.iptables.rule.TableName;
import org.jspecify.annotations.Nullable;

/**
 * The way of a packet through the stack as a row of stages, in the order of the priorities of
 * include/uapi/linux/netfilter_ipv4.h: raw -300, connection tracking -200, mangle -150, translation of destinations -100,
 * filter 0, security 50, translation of sources 100.
 */
final class Stages {
    /** What a stage does. */
    enum Kind {
        /** Consults a table. */
        TABLE,
        /** Finds or makes the connection. */
        TRACK,
        /** Consults the table nat, where the packet starts a connection that has not met it yet. */
        TRANSLATE,
        /** Decides whether the packet is for the node. */
        ROUTE,
        /** Asks the balancer. */
        BALANCE,
        /** Goes on elsewhere. */
        FORWARDED,
        /** Finds the output interface of a packet that is about to leave. */
        LEAVING,
        /** The packet is delivered to the node. */
        DELIVERED,
        /** The packet left. */
        LEFT
    }

    /**
     * A stage.
     *
     * @param kind what it does
     * @param table the table it consults, where it does
     * @param hook where it is
     */
    record Stage(Kind kind, @Nullable TableName table, Hook hook) {}

    private static final Stage[] ALL = {
        table(TableName.RAW, Hook.PREROUTING),
        new Stage(Kind.TRACK, null, Hook.PREROUTING),
        table(TableName.MANGLE, Hook.PREROUTING),
        new Stage(Kind.TRANSLATE, TableName.NAT, Hook.PREROUTING),
        new Stage(Kind.ROUTE, null, Hook.PREROUTING),
        // INPUT
        table(TableName.MANGLE, Hook.INPUT),
        table(TableName.FILTER, Hook.INPUT),
        table(TableName.SECURITY, Hook.INPUT),
        new Stage(Kind.BALANCE, null, Hook.INPUT),
        new Stage(Kind.TRANSLATE, TableName.NAT, Hook.INPUT),
        new Stage(Kind.DELIVERED, null, Hook.INPUT),
        // FORWARD
        table(TableName.MANGLE, Hook.FORWARD),
        table(TableName.FILTER, Hook.FORWARD),
        table(TableName.SECURITY, Hook.FORWARD),
        new Stage(Kind.FORWARDED, null, Hook.FORWARD),
        // OUTPUT
        table(TableName.RAW, Hook.OUTPUT),
        new Stage(Kind.TRACK, null, Hook.OUTPUT),
        table(TableName.MANGLE, Hook.OUTPUT),
        new Stage(Kind.TRANSLATE, TableName.NAT, Hook.OUTPUT),
        new Stage(Kind.BALANCE, null, Hook.OUTPUT),
        table(TableName.FILTER, Hook.OUTPUT),
        table(TableName.SECURITY, Hook.OUTPUT),
        // POSTROUTING
        new Stage(Kind.LEAVING, null, Hook.POSTROUTING),
        table(TableName.MANGLE, Hook.POSTROUTING),
        new Stage(Kind.TRANSLATE, TableName.NAT, Hook.POSTROUTING),
        new Stage(Kind.LEFT, null, Hook.POSTROUTING),
    };

    /** Where a packet from elsewhere begins. */
    static final int PREROUTING = 0;
    /** Where a packet for the node goes on. */
    static final int INPUT = first(Hook.INPUT);
    /** Where a packet for somebody else goes on. */
    static final int FORWARD = first(Hook.FORWARD);
    /** Where a packet of the node begins. */
    static final int OUTPUT = first(Hook.OUTPUT);
    /** Where every packet that leaves goes on. */
    static final int POSTROUTING = first(Hook.POSTROUTING);

    private Stages() {}

    private static Stage table(TableName table, Hook hook) {
        return new Stage(Kind.TABLE, table, hook);
    }

    private static int first(Hook hook) {
        for (int i = 0; i < ALL.length; i++) {
            if (ALL[i].hook() == hook) {
                return i;
            }
        }
        throw new IllegalStateException(hook.name());
    }

    static Stage at(int index) {
        return ALL[index];
    }
}
