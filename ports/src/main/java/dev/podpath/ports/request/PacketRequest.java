package dev.podpath.ports.request;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * A packet on a node, as a user names it.
 *
 * @param node name of the node
 * @param arrival how it enters
 * @param packet the packet
 */
public record PacketRequest(String node, Arrival arrival, Packet packet) {
    /**
     * Reads the parts.
     *
     * @param node name of the node
     * @param in {@code pod}, {@code node}, {@code external} or {@code other-node}, optionally with an interface: {@code
     *     pod@eni3}
     * @param source {@code A}, {@code A:PORT} or {@code [A]:PORT}
     * @param destination {@code B:PORT} or {@code B:PORT/PROTO}; tcp where no protocol is given
     * @return the request, or what is wrong with a part
     */
    public static Either<String, PacketRequest> parse(String node, String in, String source, String destination) {
        return arrival(in)
                .flatMap(arrival -> source(source)
                        .flatMap(from -> destination(destination)
                                .flatMap(to ->
                                        packet(from, to).map(packet -> new PacketRequest(node, arrival, packet)))));
    }

    private static Either<String, Packet> packet(AddressPort from, To to) {
        return from.address().isV6() == to.address().address().isV6()
                ? Either.right(new Packet(
                        to.protocol(),
                        from.address(),
                        from.port(),
                        to.address().address(),
                        to.address().port()))
                : Either.left("source " + from.address() + " and destination "
                        + to.address().address() + " are of two address families");
    }

    private static Either<String, Arrival> arrival(String text) {
        int at = text.indexOf('@');
        String name =
                (at < 0 ? text : text.substring(0, at)).toUpperCase(Locale.ROOT).replace('-', '_');
        Option<String> device = at < 0 ? Option.none() : Option.some(text.substring(at + 1));
        for (Arrival.Kind kind : Arrival.Kind.values()) {
            if (kind.name().equals(name)) {
                return kind == Arrival.Kind.NODE && device.isDefined()
                        ? Either.left("'" + text + "': a packet of the node itself arrives on no interface")
                        : Either.right(new Arrival(kind, device));
            }
        }
        return Either.left("'" + text + "' is no way in; expected pod, node, external or other-node");
    }

    private static Either<String, AddressPort> source(String text) {
        return IpAddress.parse(text)
                .map(address -> new AddressPort(address, 0))
                .orElse(() -> AddressPort.parse(text))
                .toEither("'" + text + "' is no source; expected ADDRESS or ADDRESS:PORT");
    }

    private static Either<String, To> destination(String text) {
        int slash = text.lastIndexOf('/');
        Option<Protocol> protocol = slash < 0 ? Option.some(Protocol.TCP) : Protocol.parse(text.substring(slash + 1));
        Option<AddressPort> address = AddressPort.parse(slash < 0 ? text : text.substring(0, slash));
        return protocol.flatMap(p -> address.map(a -> new To(p, a)))
                .toEither("'" + text + "' is no destination; expected ADDRESS:PORT or ADDRESS:PORT/tcp|udp|sctp");
    }

    private record To(Protocol protocol, AddressPort address) {}
}
