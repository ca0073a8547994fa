package dev.podpath.core.intent;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Endpoints of one family, each address and port once, sorted; made for comparisons without objects. */
public final class EndpointSet {
    /** No endpoint. */
    public static final EndpointSet EMPTY = new EndpointSet(new Endpoint[0]);

    private static final Comparator<Endpoint> ORDER = Comparator.comparing(
                    (Endpoint endpoint) -> endpoint.address().address())
            .thenComparingInt(endpoint -> endpoint.address().port());

    private final Endpoint[] endpoints;
    private final long[] high;
    private final long[] low;
    private final int[] port;

    private EndpointSet(Endpoint[] sorted) {
        int count = sorted.length;
        endpoints = sorted;
        high = new long[count];
        low = new long[count];
        port = new int[count];
        for (int i = 0; i < count; i++) {
            AddressPort at = sorted[i].address();
            high[i] = at.address().high();
            low[i] = at.address().low();
            port[i] = at.port();
        }
    }

    /** These endpoints; where an address and port comes twice, the first of them. */
    static EndpointSet of(List<Endpoint> endpoints) {
        if (endpoints.isEmpty()) {
            return EMPTY;
        }
        Endpoint[] sorted = endpoints.toArray(new Endpoint[0]);
        Arrays.sort(sorted, ORDER);
        int count = 0;
        for (Endpoint endpoint : sorted) {
            if (count == 0 || !sorted[count - 1].address().equals(endpoint.address())) {
                sorted[count++] = endpoint;
            }
        }
        return new EndpointSet(count == sorted.length ? sorted : Arrays.copyOf(sorted, count));
    }

    /** How many there are. */
    public int size() {
        return endpoints.length;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return endpoints.length == 0;
    }

    /** One of them, 0 to {@link #size()} - 1, in the order of addresses and ports. */
    public Endpoint get(int index) {
        return endpoints[index];
    }

    /** The upper half of the address of one of them. */
    public long high(int index) {
        return high[index];
    }

    /** The lower half of the address of one of them. */
    public long low(int index) {
        return low[index];
    }

    /** The port of one of them. */
    public int port(int index) {
        return port[index];
    }

    /** All of them. */
    public Vector<Endpoint> all() {
        return Vector.of(endpoints);
    }

    /** The index of an address and port; negative where it is none of them. */
    public int find(long addressHigh, long addressLow, int atPort) {
        int from = 0;
        int to = endpoints.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int order = Long.compareUnsigned(high[middle], addressHigh);
            if (order == 0) {
                order = Long.compareUnsigned(low[middle], addressLow);
            }
            if (order == 0) {
                order = Integer.compare(port[middle], atPort);
            }
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return -1;
    }

    /** Whether the address and port is one of them. */
    public boolean contains(AddressPort address) {
        return find(address.address().high(), address.address().low(), address.port()) >= 0;
    }

    /** Whether one of them has this address, at whatever port. */
    public boolean hasAddress(IpAddress address) {
        for (int i = 0; i < endpoints.length; i++) {
            if (high[i] == address.high() && low[i] == address.low()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EndpointSet that && Arrays.equals(endpoints, that.endpoints);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(endpoints);
    }

    /** The addresses with commas. */
    @Override
    public String toString() {
        return all().map(Endpoint::address).mkString(", ");
    }
}
