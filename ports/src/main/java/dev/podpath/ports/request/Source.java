package dev.podpath.ports.request;

import dev.podpath.core.net.IpAddress;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** Who sends the request. */
public sealed interface Source {
    /**
     * A client outside the cluster.
     *
     * @param address its address; empty where it is not known
     */
    record Client(Option<IpAddress> address) implements Source {
        @Override
        public String toString() {
            return address.map(IpAddress::toString).getOrElse("a client on the Internet");
        }
    }

    /** A pod of the cluster. */
    record InPod(String namespace, String name) implements Source {
        @Override
        public String toString() {
            return "pod:" + namespace + "/" + name;
        }
    }

    /** A process on a node, in the node's own network namespace. */
    record OnNode(String node) implements Source {
        @Override
        public String toString() {
            return "node:" + node;
        }
    }

    /** Reads {@code 203.0.113.9}, {@code pod:NS/NAME} or {@code node:NAME}; or says what is wrong with it. */
    static Either<String, Source> parse(String text) {
        if (text.startsWith("pod:")) {
            String[] parts = text.substring(4).split("/", -1);
            return parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty()
                    ? Either.right(new InPod(parts[0], parts[1]))
                    : Either.left("'" + text + "' does not name a pod; expected pod:NAMESPACE/NAME");
        }
        if (text.startsWith("node:")) {
            return text.length() > 5
                    ? Either.right(new OnNode(text.substring(5)))
                    : Either.left("'" + text + "' does not name a node; expected node:NAME");
        }
        return IpAddress.parse(text)
                .<Source>map(address -> new Client(Option.some(address)))
                .toEither("'" + text + "' is no source; expected an IP address, pod:NAMESPACE/NAME or node:NAME");
    }
}
