package dev.podpath.it.kernel;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import java.util.Random;

/** The addresses of the laboratory in one family, and packets between them. */
final class Addresses {
    static final int[] PORTS = {80, 443, 8080, 53, 30080, 30081, 30082};

    private final boolean v6;

    Addresses(boolean v6) {
        this.v6 = v6;
    }

    boolean isV6() {
        return v6;
    }

    String pod(int number) {
        return v6 ? "fd00:10:244::1" + number : "10.244.0.1" + number;
    }

    String pods() {
        return v6 ? "fd00:10:244::/64" : "10.244.0.0/16";
    }

    String gateway() {
        return v6 ? "fd00:10:244::1" : "10.244.0.1";
    }

    String node() {
        return v6 ? "fd00:50::1" : "192.168.50.1";
    }

    String vip(int number) {
        return v6 ? "fd00:96::" + (10 + number) : "10.96.0." + (10 + number);
    }

    String loadBalancer(int number) {
        return v6 ? "2001:db8:113::" + (10 + number) : "203.0.113." + (10 + number);
    }

    String client(int number) {
        String far = v6 ? "2001:db8:51::" : "198.51.100.";
        String near = v6 ? "fd00:50::" : "192.168.50.";
        return number % 2 == 0 ? far + (2 + number) : near + (2 + number);
    }

    String far() {
        return v6 ? "2001:db8:51::/64" : "198.51.100.0/24";
    }

    String host(String address) {
        return address + (v6 ? "/128" : "/32");
    }

    String any(Random random) {
        return switch (random.nextInt(9)) {
            case 0, 1 -> pod(1 + random.nextInt(KernelLab.PODS));
            case 2, 3, 4 -> vip(random.nextInt(4));
            case 5 -> loadBalancer(random.nextInt(2));
            case 6 -> node();
            case 7 -> gateway();
            default -> client(random.nextInt(6));
        };
    }

    /**
     * A packet and the way it comes in.
     *
     * @param device the TUN device, or {@code local}
     */
    record Sent(Packet packet, Arrival arrival, String device) {
        /** As the laboratory wants it. */
        String request(int id) {
            return "P " + id + " " + device + " " + packet.protocol().lower() + " " + packet.source() + " "
                    + packet.sourcePort() + " " + packet.destination() + " " + packet.destinationPort();
        }
    }

    /** A packet between any two places; the source port makes it a connection of its own. */
    Sent packet(Random random, int sourcePort) {
        Protocol protocol =
                random.nextInt(8) == 0 ? Protocol.SCTP : random.nextInt(4) == 0 ? Protocol.UDP : Protocol.TCP;
        int port = PORTS[random.nextInt(PORTS.length)];
        String to = any(random);
        return switch (random.nextInt(4)) {
            case 0 -> sent(protocol, random.nextBoolean() ? node() : gateway(), sourcePort, to, port, "local");
            case 1, 2 -> {
                int pod = 1 + random.nextInt(KernelLab.PODS);
                yield sent(protocol, pod(pod), sourcePort, to, port, "pod" + pod);
            }
            default -> sent(protocol, client(random.nextInt(6)), sourcePort, to, port, "ext0");
        };
    }

    static Sent sent(Protocol protocol, String from, int sourcePort, String to, int port, String device) {
        Packet packet = new Packet(protocol, IpAddress.of(from), sourcePort, IpAddress.of(to), port);
        Arrival arrival = device.equals("local")
                ? Arrival.of(Arrival.Kind.NODE)
                : Arrival.on(device.equals("ext0") ? Arrival.Kind.EXTERNAL : Arrival.Kind.POD, device);
        return new Sent(packet, arrival, device);
    }
}
