package dev.podpath.aliyun.vpc;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;

/**
 * A DNAT entry (DescribeForwardTableEntries).
 *
 * @param external the public address
 * @param ports its ports: {@code Any}, a number or {@code 10/20}
 * @param internal the private address
 * @param internalPorts the ports there, of the same form
 * @param protocol {@code TCP}, {@code UDP} or {@code Any}
 * @param available whether it is in force
 * @param json where it is
 */
record ForwardEntry(
        IpAddress external,
        String ports,
        IpAddress internal,
        String internalPorts,
        String protocol,
        boolean available,
        Json json) {

    static Option<ForwardEntry> of(Json json) {
        Option<IpAddress> external = json.text("ExternalIp").flatMap(IpAddress::parse);
        Option<IpAddress> internal = json.text("InternalIp").flatMap(IpAddress::parse);
        return external.flatMap(e -> internal.map(i -> new ForwardEntry(
                e,
                json.textOr("Any", "ExternalPort").strip(),
                i,
                json.textOr("Any", "InternalPort").strip(),
                json.textOr("Any", "IpProtocol").strip(),
                json.textOr("Available", "Status").equalsIgnoreCase("Available"),
                json)));
    }

    /** Whether it maps the whole address, so that it also gives the address to what goes out. */
    boolean isAnyPort() {
        return ports.equalsIgnoreCase("Any");
    }

    /** Where a connection to a port of the public address goes; empty where this entry does not take it. */
    Option<AddressPort> apply(int port, Protocol transport) {
        boolean taken = protocol.equalsIgnoreCase("Any") || protocol.equalsIgnoreCase(transport.name());
        if (!taken) {
            return Option.none();
        }
        if (isAnyPort()) {
            return Option.some(new AddressPort(internal, port));
        }
        Option<Integer> first = bound(ports, 0);
        Option<Integer> last = bound(ports, 1);
        Option<Integer> inner = bound(internalPorts, 0);
        if (first.isEmpty() || last.isEmpty() || port < first.get() || port > last.get()) {
            return Option.none();
        }
        int offset = port - first.get();
        return inner.map(start -> start + offset).filter(to -> to <= 65535).map(to -> new AddressPort(internal, to));
    }

    private static Option<Integer> bound(String range, int which) {
        int slash = range.indexOf('/');
        String text = slash < 0 ? range : which == 0 ? range.substring(0, slash) : range.substring(slash + 1);
        return AddressPort.parsePort(text.strip());
    }

    Evidence evidence() {
        return json.evidence(
                "ForwardEntryId", "ExternalIp", "ExternalPort", "InternalIp", "InternalPort", "IpProtocol", "Status");
    }
}
