package dev.podpath.proxy.ipvs.schedule;

import dev.podpath.core.net.IpAddress;
import java.util.Arrays;

/** The real servers of a virtual server as a scheduler meets them, numbered from 0. */
public final class ServerList {
    /** A number that is not known. */
    public static final int UNKNOWN = -1;

    /** Takes connections. */
    static final byte FREE = 0;
    /** Takes none until it has fewer (net/netfilter/ipvs/ip_vs_conn.c, {@code IP_VS_DEST_F_OVERLOAD}). */
    static final byte OVERLOADED = 1;
    /** Either, for what is known. */
    static final byte UNSURE = 2;

    private final IpAddress[] addresses;
    private final int[] ports;
    private final int[] weights;
    private final int[] active;
    private final int[] inactive;
    private final byte[] load;
    private final boolean ordered;

    private ServerList(
            IpAddress[] addresses,
            int[] ports,
            int[] weights,
            int[] active,
            int[] inactive,
            byte[] load,
            boolean ordered) {
        this.addresses = addresses;
        this.ports = ports;
        this.weights = weights;
        this.active = active;
        this.inactive = inactive;
        this.load = load;
        this.ordered = ordered || addresses.length < 2;
    }

    /** How many there are. */
    public int size() {
        return addresses.length;
    }

    /** Whether the numbers follow the kernel's list. */
    public boolean ordered() {
        return ordered;
    }

    /** Address of a real server. */
    public IpAddress address(int server) {
        return addresses[server];
    }

    /** Port of a real server. */
    public int port(int server) {
        return ports[server];
    }

    /** Weight, or {@link #UNKNOWN}. */
    public int weight(int server) {
        return weights[server];
    }

    /** Active connections, or {@link #UNKNOWN}. */
    public int active(int server) {
        return active[server];
    }

    /** Inactive connections, or {@link #UNKNOWN}. */
    public int inactive(int server) {
        return inactive[server];
    }

    /** Whether it takes connections: the same number for servers that are alike in that. */
    public int load(int server) {
        return load[server];
    }

    boolean overloaded(int server) {
        return load[server] == OVERLOADED;
    }

    boolean unsure(int server) {
        return load[server] == UNSURE;
    }

    /** Whether a scheduler may take it: of some weight, and not for certain overloaded. */
    public boolean eligible(int server) {
        return weights[server] > 0 && load[server] != OVERLOADED;
    }

    /** Whether a scheduler may take it for certain. */
    boolean available(int server) {
        return weights[server] > 0 && load[server] == FREE;
    }

    boolean weightsKnown() {
        for (int weight : weights) {
            if (weight < 0) {
                return false;
            }
        }
        return true;
    }

    boolean connectionsKnown() {
        for (int i = 0; i < active.length; i++) {
            if (weights[i] > 0 && (active[i] < 0 || inactive[i] < 0)) {
                return false;
            }
        }
        return true;
    }

    int eligibleCount() {
        int count = 0;
        for (int i = 0; i < weights.length; i++) {
            count += eligible(i) ? 1 : 0;
        }
        return count;
    }

    /** The same servers in another order, which is the kernel's: the one at {@code order[i]} becomes number i. */
    ServerList reordered(int[] order) {
        int n = order.length;
        Builder builder = builder(n).ordered(true);
        for (int i = 0; i < n; i++) {
            builder.server(addresses[order[i]], ports[order[i]], weights[order[i]])
                    .connections(active[order[i]], inactive[order[i]]);
            builder.load[i] = load[order[i]];
        }
        return builder.build();
    }

    /** The same servers, each unsure one overloaded or not by the bits, in their order. */
    ServerList decided(long bits) {
        byte[] decided = load.clone();
        int bit = 0;
        for (int i = 0; i < decided.length; i++) {
            if (decided[i] == UNSURE) {
                decided[i] = (bits >> bit & 1) != 0 ? OVERLOADED : FREE;
                bit++;
            }
        }
        return new ServerList(addresses, ports, weights, active, inactive, decided, ordered);
    }

    int unsureCount() {
        int count = 0;
        for (byte one : load) {
            count += one == UNSURE ? 1 : 0;
        }
        return count;
    }

    /** Starts a list of this many real servers. */
    public static Builder builder(int size) {
        return new Builder(size);
    }

    /** Builds a list, one server after the other. */
    public static final class Builder {
        private final IpAddress[] addresses;
        private final int[] ports;
        private final int[] weights;
        private final int[] active;
        private final int[] inactive;
        private final byte[] load;
        private boolean ordered;
        private int at = -1;

        private Builder(int size) {
            addresses = new IpAddress[size];
            ports = new int[size];
            weights = new int[size];
            active = new int[size];
            inactive = new int[size];
            load = new byte[size];
            Arrays.fill(active, UNKNOWN);
            Arrays.fill(inactive, UNKNOWN);
        }

        /** The next server. */
        public Builder server(IpAddress address, int port, int weight) {
            at++;
            addresses[at] = address;
            ports[at] = port;
            weights[at] = weight;
            return this;
        }

        /** Its connections. */
        public Builder connections(int activeCount, int inactiveCount) {
            active[at] = activeCount;
            inactive[at] = inactiveCount;
            return this;
        }

        /**
         * Its connection thresholds; 0 for none. It is overloaded from the moment it has as many connections as the upper
         * one until it has fewer than the lower one, or three quarters of the upper one
         * (net/netfilter/ipvs/ip_vs_conn.c, {@code ip_vs_bind_dest} and {@code ip_vs_unbind_dest}).
         */
        public Builder thresholds(int upper, int lower) {
            if (upper <= 0) {
                load[at] = FREE;
            } else if (active[at] < 0 || inactive[at] < 0) {
                load[at] = UNSURE;
            } else {
                long connections = (long) active[at] + inactive[at];
                boolean below = lower > 0 ? connections < lower : connections * 4 < (long) upper * 3;
                load[at] = connections >= upper ? OVERLOADED : below ? FREE : UNSURE;
            }
            return this;
        }

        /** It is overloaded, or is not, for certain. */
        public Builder overloaded(boolean is) {
            load[at] = is ? OVERLOADED : FREE;
            return this;
        }

        /** Whether the numbers follow the kernel's list. */
        public Builder ordered(boolean is) {
            ordered = is;
            return this;
        }

        /** The list. */
        public ServerList build() {
            if (at + 1 != addresses.length) {
                throw new IllegalStateException(at + 1 + " of " + addresses.length + " servers given");
            }
            return new ServerList(addresses, ports, weights, active, inactive, load, ordered);
        }
    }
}
