package dev.podpath.core.net;

import io.vavr.control.Option;
import org.jspecify.annotations.Nullable;

/**
 * A transport address.
 *
 * @param address the IP address
 * @param port 0 to 65535; 0 where the port is open or does not matter
 */
public record AddressPort(IpAddress address, int port) implements Comparable<AddressPort> {
    /** Checks the range of the port. */
    public AddressPort {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not in 0..65535");
        }
    }

    /** Reads {@code 10.0.0.1:80} or {@code [fd00::1]:80}. */
    public static Option<AddressPort> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            return Option.none();
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.indexOf(':') >= 0) {
            return Option.none();
        }
        Option<IpAddress> address = IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host)
                .filter(ip -> ip.isV6() == bracketed);
        return address.flatMap(ip -> parsePort(text.substring(colon + 1)).map(port -> new AddressPort(ip, port)));
    }

    /** Reads a decimal port, 0 to 65535. */
    public static Option<Integer> parsePort(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Option.none();
        }
        int port = Integer.parseInt(text);
        return port <= 65535 ? Option.some(port) : Option.none();
    }

    @Override
    public int compareTo(AddressPort other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressPort that && port == that.port && address.equals(that.address);
    }

    // Written out, like equals: what a record brings is slow until it is warm.
    @Override
    public int hashCode() {
        return 31 * address.hashCode() + port;
    }

    @Override
    public String toString() {
        return address.isV6() ? "[" + address + "]:" + port : address + ":" + port;
    }
}
