package dev.podpath.k8s.ingress.nginx.select;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.conf.NginxConf;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The {@code http} part of a configuration, indexed by socket. */
public final class HttpConf {
    private final NginxConf conf;
    private final Vector<Directive> http;
    private final Vector<ServerBlock> servers;
    private final Map<Key, Listener> listeners = new HashMap<>();
    /** Ports whose IPv6 wildcard takes IPv4 connections. */
    private final Map<Integer, Listener> dual = new HashMap<>();

    private record Key(Option<IpAddress> address, boolean v6, int port) {}

    private record Members(List<Listen> listens, List<ServerBlock> servers) {}

    private HttpConf(NginxConf conf) {
        this.conf = conf;
        this.http = conf.http();
        boolean merge = !http.findLast(line -> line.is("merge_slashes"))
                .flatMap(line -> line.arg(0))
                .contains("off");
        this.servers = http.filter(directive -> directive.is("server") && directive.isBlock())
                .map(directive -> new ServerBlock(directive, merge));
        Map<Key, Members> members = new HashMap<>();
        for (ServerBlock server : servers) {
            for (Listen listen : server.listens()) {
                Members socket = members.computeIfAbsent(
                        new Key(listen.address(), listen.v6(), listen.port()),
                        key -> new Members(new ArrayList<>(), new ArrayList<>()));
                socket.listens().add(listen);
                socket.servers().add(server);
            }
        }
        members.forEach((key, socket) -> {
            Listener listener = new Listener(Vector.ofAll(socket.listens()), Vector.ofAll(socket.servers()));
            listeners.put(key, listener);
            if (socket.listens().stream().anyMatch(Listen::takesBoth)) {
                dual.put(key.port(), listener);
            }
        });
    }

    /** Indexes a configuration. */
    public static HttpConf of(NginxConf conf) {
        return new HttpConf(conf);
    }

    /** The configuration. */
    public NginxConf conf() {
        return conf;
    }

    /** The directives of the {@code http} context. */
    public Vector<Directive> http() {
        return http;
    }

    /** The servers in the order of the file. */
    public Vector<ServerBlock> servers() {
        return servers;
    }

    /** Whether some server listens on this port, on whichever address. */
    public boolean listensOn(int port) {
        return listeners.keySet().stream().anyMatch(key -> key.port() == port);
    }

    /** The socket that takes a connection to this address: the address's own, else that of every address. */
    public Option<Listener> listener(AddressPort to) {
        boolean v6 = to.address().isV6();
        Option<Listener> own = Option.of(listeners.get(new Key(Option.some(to.address()), v6, to.port())));
        return own.orElse(() -> Option.of(listeners.get(new Key(Option.none(), v6, to.port()))))
                .orElse(() -> v6 ? Option.none() : Option.of(dual.get(to.port())));
    }
}
