package dev.podpath.it.ipvslab;

import dev.podpath.core.net.AddressPort;
import dev.podpath.proxy.ipvs.schedule.ServerList;

/** A real server and its counters as they change. */
final class RealServerModel {
    final AddressPort address;
    int weight;
    int lastWeight;
    int upper;
    int lower;
    int active;
    int inactive;
    boolean overloaded;
    boolean present = true;

    RealServerModel(AddressPort address) {
        this.address = address;
    }

    /** net/netfilter/ipvs/ip_vs_ctl.c, __ip_vs_update_dest. */
    void update(int newWeight, int newUpper, int newLower, boolean added) {
        if (added || newWeight != 0) {
            lastWeight = newWeight;
        }
        weight = newWeight;
        if (newUpper == 0 || newUpper > upper) {
            overloaded = false;
        }
        upper = newUpper;
        lower = newLower;
    }

    /** net/netfilter/ipvs/ip_vs_conn.c, ip_vs_bind_dest. */
    void bound() {
        active++;
        if (upper != 0 && active + inactive >= upper) {
            overloaded = true;
        }
    }

    void closed() {
        active--;
        inactive++;
    }

    void describe(ServerList.Builder list) {
        list.server(address.address(), address.port(), weight)
                .connections(active, inactive)
                .overloaded(overloaded);
    }
}
