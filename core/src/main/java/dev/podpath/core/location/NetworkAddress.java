package dev.podpath.core.location;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.trace.Location;

/**
 * An address that a connection goes to; whose it is must be found out.
 *
 * @param address address and port
 * @param flow what travels along
 * @param vantage from where the connection comes
 */
public record NetworkAddress(AddressPort address, Flow flow, Vantage vantage) implements Location {
    @Override
    public String label() {
        return address.toString();
    }
}
