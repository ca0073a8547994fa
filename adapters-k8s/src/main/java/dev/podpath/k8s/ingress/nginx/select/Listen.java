package dev.podpath.k8s.ingress.nginx.select;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * One address and port of a {@code listen} directive.
 *
 * @param address the address; empty where every address of the family is listened on
 * @param v6 whether it is an IPv6 socket
 * @param port port
 * @param directive the directive; for a server without one, the server itself
 */
record Listen(Option<IpAddress> address, boolean v6, int port, Directive directive) {
    /** Most ports a range may have. */
    private static final int MAX_RANGE = 1_000;

    /** What {@code listen} names; empty for a UNIX socket and for names, which would have to be resolved. */
    static Vector<Listen> of(Directive directive) {
        String where = directive.arg(0).getOrElse("");
        if (where.startsWith("unix:")) {
            return Vector.empty();
        }
        if (where.startsWith("[")) {
            int end = where.indexOf(']');
            return end < 0
                    ? Vector.empty()
                    : of(where.substring(1, end), true, portsOf(where.substring(end + 1)), directive);
        }
        int colon = where.lastIndexOf(':');
        if (colon >= 0) {
            return of(where.substring(0, colon), false, portsOf(where.substring(colon)), directive);
        }
        Vector<Integer> ports = portsOf(":" + where);
        return ports.isEmpty() ? of(where, false, Vector.of(80), directive) : of("*", false, ports, directive);
    }

    private static Vector<Listen> of(String host, boolean v6, Vector<Integer> ports, Directive directive) {
        if (host.equals("*")) {
            return ports.map(port -> new Listen(Option.none(), v6, port, directive));
        }
        String name = host.equals("localhost") ? "127.0.0.1" : host;
        return IpAddress.parse(name)
                .filter(address -> address.isV6() == v6)
                .map(address -> isUnspecified(address) ? Option.<IpAddress>none() : Option.some(address))
                .map(address -> ports.map(port -> new Listen(address, v6, port, directive)))
                .getOrElse(Vector.empty());
    }

    private static boolean isUnspecified(IpAddress address) {
        return address.high() == 0 && address.low() == 0;
    }

    private static Vector<Integer> portsOf(String text) {
        if (text.isEmpty()) {
            return Vector.of(80);
        }
        int dash = text.indexOf('-');
        Option<Integer> low = AddressPort.parsePort(text.substring(1, dash < 0 ? text.length() : dash));
        Option<Integer> high = dash < 0 ? low : AddressPort.parsePort(text.substring(dash + 1));
        if (low.isEmpty() || high.isEmpty() || low.get() < 1 || high.get() - low.get() > MAX_RANGE) {
            return Vector.empty();
        }
        return Vector.rangeClosed(low.get(), high.get());
    }

    boolean has(String parameter) {
        return directive.is("listen") && directive.args().drop(1).contains(parameter);
    }

    boolean isDefaultServer() {
        return has("default_server") || has("default");
    }

    /** Whether an IPv6 wildcard takes IPv4 connections as well. */
    boolean takesBoth() {
        return v6 && address.isEmpty() && has("ipv6only=off");
    }
}
