package dev.podpath.k8s.dns.server;

import dev.podpath.core.net.IpAddress;
import io.vavr.control.Option;

/**
 * A record of an answer.
 *
 * @param name owner, lower-case without the dot at its end
 * @param type its type
 * @param data its data as zone files write it, names without the dot at their end
 */
public record ResourceRecord(String name, RecordType type, String data) {
    static ResourceRecord address(String name, IpAddress address) {
        return new ResourceRecord(name, address.isV6() ? RecordType.AAAA : RecordType.A, address.toString());
    }

    /** The address of an A or AAAA record. */
    public Option<IpAddress> address() {
        return type == RecordType.A || type == RecordType.AAAA ? IpAddress.parse(data) : Option.none();
    }

    @Override
    public String toString() {
        return name + " " + type + " " + data;
    }
}
