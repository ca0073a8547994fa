package dev.podpath.testkit.fault;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.cluster.ServicePortRef;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.testkit.arbitrary.Scene;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The virtual servers of an {@code ipvsadm-save -n} text, to be edited line by line.
 *
 * @param lines all lines
 * @param servers the virtual servers, in the order of their lines
 */
record SavedServers(Vector<String> lines, Vector<Server> servers) {
    /**
     * A virtual server.
     *
     * @param line zero-based number of its line
     * @param name what its lines name it by, such as {@code -t 10.96.0.1:443}
     * @param protocol its protocol
     * @param address its address
     * @param reals its real servers
     */
    record Server(int line, String name, Protocol protocol, AddressPort address, Vector<Real> reals) {
        Vector<Integer> allLines() {
            return reals.map(Real::line).prepend(line);
        }
    }

    /**
     * A real server.
     *
     * @param line zero-based number of its line
     * @param address its address
     */
    record Real(int line, AddressPort address) {}

    static SavedServers of(String text) {
        Vector<String> lines = Vector.ofAll(text.lines());
        Vector<Server> servers = Vector.empty();
        for (int i = 0; i < lines.size(); i++) {
            String[] words = lines.get(i).split(" ");
            if (words.length < 5) {
                continue;
            }
            AddressPort address = AddressPort.parse(words[2]).get();
            if (words[0].equals("-A")) {
                servers = servers.append(
                        new Server(i, words[1] + " " + words[2], protocol(words[1]), address, Vector.empty()));
            } else {
                Server owner = servers.last();
                Real real = new Real(i, AddressPort.parse(words[4]).get());
                servers = servers.init()
                        .append(new Server(
                                owner.line(),
                                owner.name(),
                                owner.protocol(),
                                owner.address(),
                                owner.reals().append(real)));
            }
        }
        return new SavedServers(lines, servers);
    }

    private static Protocol protocol(String option) {
        return switch (option) {
            case "-t" -> Protocol.TCP;
            case "-u" -> Protocol.UDP;
            default -> Protocol.SCTP;
        };
    }

    /** Whose virtual server it is. */
    Option<ServicePortRef> owner(Server server, Scene scene) {
        for (Service service : scene.cluster().services()) {
            Vector<IpAddress> virtual =
                    service.clusterIps().appendAll(service.externalIps()).appendAll(service.loadBalancerIps());
            for (ServicePort port : service.ports()) {
                int wanted = server.address().port();
                boolean asked = virtual.contains(server.address().address()) && port.port() == wanted
                        || port.nodePort().contains(wanted)
                                && scene.isLocal(server.address().address());
                if (port.protocol() == server.protocol() && asked) {
                    return Option.some(service.ref(port));
                }
            }
        }
        return Option.none();
    }

    /** The text without these lines. */
    String without(Vector<Integer> gone) {
        return text(lines.zipWithIndex().reject(line -> gone.contains(line._2)).map(line -> line._1));
    }

    /** The text with one line changed. */
    String with(int line, String now) {
        return text(lines.update(line, now));
    }

    /** The text with further lines at its end. */
    String and(Vector<String> more) {
        return text(lines.appendAll(more));
    }

    private static String text(Vector<String> lines) {
        return lines.mkString("", "\n", "\n");
    }
}
