package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.Flow;
import dev.podpath.core.location.NodePacket;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.plugin.Support;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

/** The bundled example, whose documents have the form the cloud gives them. */
final class ArticleTest {
    private static final Account ARTICLE = Account.article();

    private static Trace from(String host, int port, String client) {
        IpAddress address = IpAddress.of(client);
        Vantage vantage = address.isPublic() ? new Vantage.Internet() : new Vantage.PrivateNetwork(Option.none());
        Flow flow = Account.url("http", host, "/").from(address);
        return ARTICLE.trace(new dev.podpath.core.location.DnsName(host, port, flow, vantage));
    }

    private static Vector<String> packets(Trace trace) {
        return trace.hops()
                .map(hop -> hop.hop().location())
                .filter(NodePacket.class::isInstance)
                .map(location -> location.label());
    }

    @Test
    void everyDocumentIsRead() {
        var reading = ARTICLE.open();
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.reports()
                        .map(report -> report.count(Support.UNRECOGNIZED))
                        .sum()
                        .intValue())
                .isZero();
        assertThat(reading.reports()).hasSize(ARTICLE.documents().size());
    }

    @Test
    void thePublicNameReachesBothIngressNodesWithTheClientsAddress() {
        for (String host : Vector.of("app1.qas.abc.com", "app2.qas.abc.com")) {
            Trace trace = from(host, 80, "198.51.100.200");
            assertThat(packets(trace))
                    .containsExactly(
                            "tcp 198.51.100.200 -> 10.17.1.11:80 on node n11",
                            "tcp 198.51.100.200 -> 10.17.1.12:80 on node n12");
            assertThat(Checks.codes(trace)).isEmpty();
        }
    }

    @Test
    void thePrivateLoadBalancerLetsInTheOfficeAndThePartner() {
        assertThat(packets(from("app3.qas.abc.com", 80, "10.8.4.20"))).hasSize(2);
        assertThat(packets(from("app3-partner.qas.abc.com", 80, "198.51.100.7")))
                .hasSize(2);
        Trace stranger = from("app3-partner.qas.abc.com", 80, "192.0.2.77");
        assertThat(Checks.ends(stranger)).containsExactly(Disposition.DROPPED);
        assertThat(Checks.codes(stranger)).containsExactly("PP-LB-010");
        Trace outside = from("app3.qas.abc.com", 80, "198.51.100.7");
        assertThat(Checks.codes(outside)).containsExactly("PP-LB-103");
    }

    @Test
    void theRetiredListenerIsStopped() {
        assertThat(Checks.codes(from("app3.qas.abc.com", 8080, "10.8.4.20"))).containsExactly("PP-LB-101");
    }

    @Test
    void podsAndNodesLeaveWithDifferentAddresses() {
        Trace pod = ARTICLE.trace(Account.out("10.17.10.95", "198.51.100.80:443"));
        assertThat(pod.outcomes().map(o -> o.target().seenAs().get().toString()))
                .containsExactly("203.0.113.21");
        Trace node = ARTICLE.trace(Account.out("10.17.1.11", "198.51.100.80:443"));
        assertThat(node.outcomes().map(o -> o.target().seenAs().get().toString()))
                .containsExactlyInAnyOrder("203.0.113.22", "203.0.113.23");
        assertThat(Checks.codes(pod)).containsExactly("PP-EGR-060");
    }
}
