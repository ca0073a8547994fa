package dev.podpath.it.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.k8s.ingress.nginx.conf.NginxConf;
import dev.podpath.k8s.ingress.nginx.request.Fate;
import dev.podpath.k8s.ingress.nginx.request.HttpArrival;
import dev.podpath.k8s.ingress.nginx.request.RequestWalk;
import dev.podpath.k8s.ingress.nginx.request.Walked;
import dev.podpath.k8s.ingress.nginx.select.HttpConf;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.ports.snapshot.Snapshots;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

/** Both generations of {@code nginx.conf} in the bundled examples lead to the upstreams their read-me names. */
class ExampleConfsTest {
    private static Vector<Document> confs(String example) {
        Snapshot snapshot = Snapshots.open(Snapshots.EXAMPLE + example).get();
        return snapshot.paths()
                .filter(path -> path.startsWith("ingress/") && path.endsWith("/nginx.conf"))
                .flatMap(snapshot::document);
    }

    private static String upstream(Document document, String host, String path) {
        Walked walked = RequestWalk.walk(
                HttpConf.of(NginxConf.parse(document).get()),
                new HttpArrival(
                        new AddressPort(IpAddress.of("10.17.1.11"), 80),
                        false,
                        Option.some(host),
                        path,
                        Option.none()));
        assertThat(walked.fate()).isInstanceOf(Fate.Served.class);
        return walked.variable("proxy_upstream_name").getOrElse("");
    }

    @Test
    void leadToTheirUpstreams() {
        Vector<Document> ack = confs("ack-article");
        assertThat(ack).hasSize(2);
        for (Document conf : ack) {
            assertThat(upstream(conf, "app1.qas.abc.com", "/")).isEqualTo("app-app1-service-8080");
            assertThat(upstream(conf, "app2.qas.abc.com", "/x")).isEqualTo("app-app2-service-8080");
            assertThat(upstream(conf, "app2.qas.abc.com", "/api/v1")).isEqualTo("app-app3-service-80");
            assertThat(upstream(conf, "app2.qas.abc.com", "/api")).isEqualTo("app-app3-service-80");
            assertThat(upstream(conf, "app2.qas.abc.com", "/apis")).isEqualTo("app-app2-service-8080");
            assertThat(upstream(conf, "APP3-partner.qas.abc.com:80", "/")).isEqualTo("app-app3-service-80");
            assertThat(upstream(conf, "else.abc.com", "/")).isEqualTo("upstream-default-backend");
        }
        Vector<Document> eks = confs("eks-basic");
        assertThat(eks).hasSize(2);
        eks.forEach(conf -> assertThat(upstream(conf, "web.example.com", "/")).isEqualTo("web-web-80"));
    }
}
