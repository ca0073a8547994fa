package dev.podpath.core.proxy.walk;

import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;

/** The addresses of one family that rules, sets or maps name one by one, sorted and numbered from 0. */
public interface NamedAddresses {
    /** How many there are. */
    int addressCount();

    /** The upper half of an address, 0 for IPv4. */
    long addressHigh(int index);

    /** The lower half of an address; all of an IPv4 address. */
    long addressLow(int index);

    /** The number of an address, or minus one minus where it would be. */
    int find(long high, long low);

    /** All of them. */
    Vector<IpAddress> addresses();
}
