package dev.podpath.k8s.ingress.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.PodPort;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.Example;
import net.jqwik.api.Label;

/** TCP services of a controller, in the generations of its configuration. */
class StreamHopTest {
    private static String stream(String inside) {
        return "http { server { listen 80 default_server; } }\nstream {\n" + inside + "\n}\n";
    }

    private static Resolution resolve(String conf, int port) {
        return resolve(conf, port, Protocol.TCP);
    }

    private static Resolution resolve(String conf, int port, Protocol protocol) {
        return resolve(
                new Samples.InMemory().with("ingress/" + World.CONTROLLER + "/nginx.conf", conf),
                World.cluster(),
                port,
                protocol);
    }

    private static Resolution resolve(Samples.InMemory snapshot, Cluster cluster, int port, Protocol protocol) {
        PodPort at = new PodPort(
                new AddressPort(IpAddress.of("10.0.1.1"), port),
                Option.none(),
                new Flow(protocol, Option.none(), Option.none()));
        return new IngressNginxProvider().open(snapshot, cluster).value().head().resolve(at);
    }

    private static Vector<String> ways(Resolution resolution) {
        return ((Resolution.Resolved) resolution)
                .hop()
                .branches()
                .map(branch -> branch.to().label() + " " + branch.share());
    }

    @Example
    @Label("the upstream is named in Lua, by a variable, or is a block with addresses")
    void generations() {
        String lua = stream("upstream upstream_balancer { server 0.0.0.1:1234; }\nserver { preread_by_lua_block {"
                + " ngx.var.proxy_upstream_name=\"tcp-app-web-80\"; } listen 9000; proxy_pass upstream_balancer; }");
        String variable = stream(
                "server { set $proxy_upstream_name \"tcp-app-web-80\"; listen 0.0.0.0:9000; proxy_pass upstream_balancer; }");
        String block = stream(
                "upstream tcp-9000-app-web-80 { server 10.0.2.1:8080; server 10.0.2.2:8080; }\nserver { listen 9000;"
                        + " proxy_pass tcp-9000-app-web-80; }");
        for (String conf : Vector.of(lua, variable, block)) {
            assertThat(ways(resolve(conf, 9000)))
                    .containsExactly("pod address 10.0.2.1:8080 1/2", "pod address 10.0.2.2:8080 1/2");
        }
        assertThat(resolve(lua, 9001)).isInstanceOf(Resolution.Declined.class);
    }

    @Example
    @Label("a UDP service has its own port of the same number")
    void datagrams() {
        String conf = stream("server { preread_by_lua_block { ngx.var.proxy_upstream_name=\"udp-app-names-53\"; }"
                + " listen 9000 udp; proxy_pass upstream_balancer; }\n"
                + "server { set $proxy_upstream_name \"tcp-app-web-80\"; listen 9000; proxy_pass upstream_balancer; }");
        assertThat(ways(resolve(conf, 9000, Protocol.UDP))).containsExactly("pod address 10.0.2.8:5353 1");
        assertThat(ways(resolve(conf, 9000, Protocol.TCP))).hasSize(2);
        assertThat(resolve(conf.replace(" udp;", ";"), 9000, Protocol.UDP)).isInstanceOf(Resolution.Declined.class);
    }

    @Example
    @Label("without nginx.conf the ConfigMaps say which port leads to which service")
    void configMaps() {
        Samples.InMemory snapshot = new Samples.InMemory()
                .with(
                        "kubernetes/configmaps.json",
                        "{\"items\":[{\"metadata\":{\"namespace\":\"ingress-nginx\",\"name\":\"tcp\"},\"data\":{\"9000\":\"app/web:80\",\"9001\":\"app/gone:80\"}},"
                                + "{\"metadata\":{\"namespace\":\"ingress-nginx\",\"name\":\"udp\"},\"data\":{\"53\":\"app/names:dns\"}}]}");
        Cluster cluster = World.cluster(Vector.of(
                "/nginx-ingress-controller",
                "--tcp-services-configmap=ingress-nginx/tcp",
                "--udp-services-configmap=ingress-nginx/udp"));
        Resolution tcp = resolve(snapshot, cluster, 9000, Protocol.TCP);
        assertThat(ways(tcp)).containsExactly("pod address 10.0.2.1:8080 1/2", "pod address 10.0.2.2:8080 1/2");
        assertThat(((Resolution.Resolved) tcp).hop().assumptions()).anyMatch(text -> text.contains("ConfigMap"));
        assertThat(ways(resolve(snapshot, cluster, 53, Protocol.UDP))).containsExactly("pod address 10.0.2.8:5353 1");
        assertThat(resolve(snapshot, cluster, 53, Protocol.TCP)).isInstanceOf(Resolution.Declined.class);
        Hop gone = ((Resolution.Resolved) resolve(snapshot, cluster, 9001, Protocol.TCP)).hop();
        assertThat(gone.disposition()).contains(Disposition.REJECTED);
        assertThat(resolve(snapshot, World.cluster(), 9000, Protocol.TCP)).isInstanceOf(Resolution.Declined.class);
    }

    @Example
    @Label("a TCP service without endpoints closes the connection; one with endpoints is the twin")
    void nobody() {
        String conf = stream(
                "server { set $proxy_upstream_name \"tcp-app-gone-80\"; listen 9000; proxy_pass upstream_balancer; }");
        Hop hop = ((Resolution.Resolved) resolve(conf, 9000)).hop();
        assertThat(hop.disposition()).contains(Disposition.REJECTED);
        assertThat(hop.findings().map(finding -> finding.code().code())).containsExactly("PP-ING-051");
    }
}
