package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.proxy.walk.Box;
import dev.podpath.proxy.iptables.rule.IpSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where something about the addresses and ports of packets can change, for the rules of one family. Destinations that are
 * always looked at on their own are left out: they never lie among others. Safe for use from several threads.
 */
final class FieldCuts {
    private final IndexKeys keys;
    private final NetworkCuts network;
    private final boolean v6;
    private final Map<IpSet, SetCuts> sets = new ConcurrentHashMap<>();
    private volatile Cuts[] kinds = {};

    FieldCuts(IndexKeys keys, NetworkCuts network, boolean v6) {
        this.keys = keys;
        this.network = network;
        this.v6 = v6;
    }

    IndexKeys keys() {
        return keys;
    }

    /** Where the kind of an address, its route or its interface's network can change. */
    Cuts kinds(int field) {
        if (field == Box.SOURCE) {
            return network.kinds(v6);
        }
        Cuts[] made = kinds;
        if (made.length == 0) {
            made = new Cuts[] {network.kinds(v6, keys)};
            kinds = made;
        }
        return made[0];
    }

    /** Where the interface can change over which an address is reached. */
    Cuts devices() {
        return network.devices(v6);
    }

    /** Where membership in a set can change. */
    SetCuts set(IpSet set) {
        SetCuts known = sets.get(set);
        return known != null ? known : sets.computeIfAbsent(set, one -> new SetCuts(one, keys));
    }
}
