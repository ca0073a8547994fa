package dev.podpath.k8s.ingress.nginx;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.conf.NginxConf;
import dev.podpath.k8s.ingress.nginx.predict.ControllerFlags;
import dev.podpath.k8s.objects.ObjectList;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The TCP and UDP services of a controller: ports that it hands on without looking inside, from the {@code stream} block of its configuration or from the
 * ConfigMap behind {@code --tcp-services-configmap} or {@code --udp-services-configmap} ({@code getStreamServices} of {@code internal/ingress/controller/controller.go}).
 */
final class StreamServices {
    private static final String NAME = "proxy_upstream_name";

    private StreamServices() {}

    /**
     * What takes a port.
     *
     * @param upstream the upstream name without {@code tcp-} or {@code udp-}: namespace, service and port with dashes; or {@code namespace/service:port}
     * @param servers addresses that the configuration itself lists
     * @param evidence what says so
     */
    record Taken(String upstream, Vector<Peer> servers, Vector<Evidence> evidence) {}

    /** The server of a {@code stream} block that listens on a port. */
    static Option<Taken> inConf(NginxConf conf, int port, Protocol protocol) {
        Vector<Directive> lines = conf.directives()
                .filter(line -> line.is("stream") && line.isBlock())
                .flatMap(Directive::children);
        return lines.filter(line -> line.is("server") && line.isBlock())
                .find(server -> server.all("listen").exists(listen -> listens(listen, port, protocol)))
                .flatMap(server -> taken(server, lines));
    }

    private static boolean listens(Directive listen, int port, Protocol protocol) {
        String where = listen.arg(0).getOrElse("");
        String digits = where.substring(where.lastIndexOf(':') + 1);
        return listen.args().contains("udp") == (protocol == Protocol.UDP)
                && AddressPort.parsePort(digits).contains(port);
    }

    private static Option<Taken> taken(Directive server, Vector<Directive> lines) {
        String target = server.last("proxy_pass").flatMap(line -> line.arg(0)).getOrElse("");
        Vector<Evidence> evidence = server.all("listen")
                .take(1)
                .appendAll(server.all("proxy_pass").take(1))
                .map(Directive::evidence);
        Vector<Peer> peers = lines.filter(
                        line -> line.is("upstream") && line.arg(0).contains(target))
                .flatMap(block -> block.all("server"))
                .flatMap(line -> line.arg(0).flatMap(AddressPort::parse))
                .filter(address -> address.port() > 0)
                .map(address -> new Peer(address.address().toString(), address.port(), 1));
        Option<String> named = server.all("set")
                .find(line -> line.arg(0).contains("$" + NAME))
                .flatMap(line -> line.arg(1))
                .orElse(() -> server.children()
                        .map(Directive::lua)
                        .find(lua -> lua.contains(NAME))
                        .flatMap(StreamServices::quoted));
        if (named.isEmpty()) {
            return peers.isEmpty() ? Option.none() : Option.some(new Taken(bare(target), peers, evidence));
        }
        // The addresses of the block that such a server passes to are placeholders.
        return named.map(name -> new Taken(bare(name), Vector.empty(), evidence));
    }

    private static String bare(String name) {
        return name.startsWith("tcp-") || name.startsWith("udp-") ? name.substring("tcp-".length()) : name;
    }

    private static Option<String> quoted(String lua) {
        int from = lua.indexOf('"', lua.indexOf(NAME)) + 1;
        int to = from == 0 ? -1 : lua.indexOf('"', from);
        return to < 0 ? Option.none() : Option.some(lua.substring(from, to));
    }

    /** The entry of the ConfigMap for a port: {@code namespace/service:port}, and whether PROXY protocol is spoken. */
    static Option<Taken> inConfigMap(ControllerFlags flags, ObjectList configMaps, int port, Protocol protocol) {
        Option<Json> data = (protocol == Protocol.UDP ? flags.udpServices() : flags.tcpServices())
                .filter(id -> id.indexOf('/') > 0)
                .flatMap(id -> configMaps
                        .named(id.substring(0, id.indexOf('/')), id.substring(id.indexOf('/') + 1))
                        .headOption())
                .map(map -> map.at("data"));
        String key = Integer.toString(port);
        return data.flatMap(map ->
                map.text(key).map(value -> new Taken(value.strip(), Vector.empty(), Vector.of(map.evidence(key)))));
    }
}
