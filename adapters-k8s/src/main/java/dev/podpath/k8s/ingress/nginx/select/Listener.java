package dev.podpath.k8s.ingress.nginx.select;

import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.pcre.RegexBudget;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/** A socket that servers share: one address and port ({@code ngx_http_conf_addr_t}). */
public final class Listener {
    private final Vector<Listen> listens;
    private final Vector<ServerBlock> servers;
    private final ServerChoice byDefault;
    private final Lazy<ServerNames> names;

    /**
     * The socket of these listens, of which there is one at least, and the server of each.
     *
     * @param listens in the order of the file
     * @param servers the server of the listen at the same place
     */
    Listener(Vector<Listen> listens, Vector<ServerBlock> servers) {
        this.listens = listens;
        this.servers = servers;
        int marked = listens.indexWhere(Listen::isDefaultServer);
        int index = Math.max(0, marked);
        this.byDefault = new ServerChoice(
                servers.get(index),
                marked < 0 ? ServerMatch.FIRST_SERVER : ServerMatch.DEFAULT_SERVER,
                "",
                listens.get(index).directive(),
                Option.none());
        this.names = Lazy.of(() -> new ServerNames(servers));
    }

    /** Its port. */
    public int port() {
        return listens.head().port();
    }

    /** {@code 0.0.0.0:80}, {@code [::]:80}, {@code 127.0.0.1:8181}. */
    public String label() {
        Listen first = listens.head();
        String any = first.v6() ? "[::]" : "0.0.0.0";
        return first.address()
                        .map(address -> address.isV6() ? "[" + address + "]" : address.toString())
                        .getOrElse(any)
                + ":"
                + port();
    }

    /** Whether connections are TLS. */
    public boolean isTls() {
        return listens.exists(listen -> listen.has("ssl"))
                || byDefault
                        .server()
                        .directive()
                        .last("ssl")
                        .flatMap(line -> line.arg(0))
                        .contains("on");
    }

    /** Whether connections begin with a PROXY protocol header. */
    public boolean expectsProxyProtocol() {
        return listens.exists(listen -> listen.has("proxy_protocol"));
    }

    /** The {@code listen} of the default server. */
    public Directive directive() {
        return byDefault.directive();
    }

    /** The server of a request whose host has no server here. */
    public ServerChoice defaultServer() {
        return byDefault;
    }

    /** The servers that share the socket, in the order of the file. */
    public Vector<ServerBlock> servers() {
        return servers;
    }

    /**
     * The server for a host.
     *
     * @param host as {@link HostName#of} gives it; empty text for a request without one
     */
    public Either<Undecided, ServerChoice> server(String host, RegexBudget budget) {
        return names.get().find(host, budget).map(choice -> choice.getOrElse(byDefault));
    }
}
