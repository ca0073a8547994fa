package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.Handover;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Trace;
import dev.podpath.core.trace.TracedHop;
import io.vavr.collection.TreeMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

/** Load balancers of all products are led back to the services they were made for. */
final class JoinTest {
    private static final String UID = "0f8b1c2d-3e4f-5061-7283-94a5b6c7d8e9";
    private static final String TAG = "a0f8b1c2d3e4f5061728394a5b6c7d8e";

    private static Service service(String name, boolean local) {
        return Service.builder()
                .key(new ServiceKey("app", name))
                .uid(Option.some(UID))
                .externalLocal(local)
                .ports(Vector.of(new ServicePort("https", Protocol.TCP, 443, "8443", Option.some(30443))))
                .annotations(TreeMap.of("service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id", "nlb-1"))
                .evidence(Evidence.document("kubernetes/services.json", name))
                .build();
    }

    private static Account network(String more) {
        return BalancerTest.network("")
                .with(
                        "nlb.GetLoadBalancerAttribute.nlb-1",
                        "{'LoadBalancerId':'nlb-1','AddressType':'Internet','LoadBalancerStatus':'Active','VpcId':'vpc-1',"
                                + "'ZoneMappings':[{'ZoneId':'a','LoadBalancerAddresses':["
                                + "{'PublicIPv4Address':'203.0.113.61'}]}]" + more + "}");
    }

    private static Trace ask(Account account) {
        return account.trace(Account.fromInternet("203.0.113.61:443", "198.51.100.7"));
    }

    @Test
    void byTagsInTheMannerOfEachProduct() {
        for (String tags : Vector.of(
                ",'Tags':[{'TagKey':'kubernetes.do.not.delete','TagValue':'" + TAG + "'}]",
                ",'Tags':[{'Key':'kubernetes.do.not.delete','Value':'" + TAG + "'}]",
                ",'Tags':{'Tag':[{'TagKey':'kubernetes.do.not.delete','TagValue':'" + TAG + "'}]}")) {
            assertThat(Checks.said(ask(network(tags).in(Account.serving(true, service("web", false))))))
                    .as(tags)
                    .contains("was made for service app/web: its tag");
        }
        String config = ",'Tags':[{'Key':'ingress.k8s.alibaba/albconfig','Value':'default/web'}]";
        assertThat(Checks.said(ask(network(config)))).contains("was made for AlbConfig default/web");
    }

    @Test
    void byNameWhereThereAreNoTags() {
        Account account = network(",'LoadBalancerName':'" + TAG + "'").in(Account.serving(true, service("web", false)));
        assertThat(Checks.said(ask(account))).contains("was made for service app/web: its name");
        assertThat(Checks.said(
                        ask(network(",'LoadBalancerName':'other'").in(Account.serving(true, service("web", false))))))
                .doesNotContain("was made for");
    }

    @Test
    void byTheDescriptionOfTheListenerAndTheNameOfTheGroup() {
        Account account = BalancerTest.network(",'ServerGroupName':'k8s/30443/web/app/c1'")
                .in(Account.serving(true, service("web", false)));
        assertThat(Checks.said(ask(account))).contains("server group g-1 was made for service app/web, port 30443");
    }

    @Test
    void twoServicesThatNameOneLoadBalancerAreTold() {
        assertThat(Checks.codes(
                        ask(network("").in(Account.serving(true, service("web", false), service("api", false))))))
                .containsExactly("PP-LB-012");
        assertThat(Checks.codes(ask(network("").in(Account.serving(true, service("web", false))))))
                .isEmpty();
    }

    @Test
    void anUnhealthyNodeWithAReadyPodIsTold() {
        assertThat(Checks.codes(ask(local(true)))).containsExactlyInAnyOrder("PP-LB-013", "PP-LB-105");
        Trace meant = ask(local(false));
        assertThat(Checks.codes(meant)).doesNotContain("PP-LB-013");
        assertThat(Checks.said(meant)).contains("as it should be");
    }

    private static Account local(boolean ready) {
        String node = "{'ServerGroupId':'g-1','ServerId':'i-n1','ServerType':'Ecs','Port':30443,'Weight':100,"
                + "'Status':'Available'}";
        return BalancerTest.network(",'ServerGroupName':'k8s/30443/web/app/c1'")
                .in(Account.serving(ready, service("web", true)))
                .with(
                        "nlb.ListServerGroupServers.g-1",
                        BalancerTest.items("Servers", Vector.of(node, BalancerTest.server("g-1", "10.0.2.1", 100))))
                .with(
                        "nlb.GetListenerHealthStatus.lsn-1",
                        "{'ListenerHealthStatus':[{'ListenerId':'lsn-1','ServerGroupInfos':[{'ServerGroupId':'g-1',"
                                + "'NonNormalServers':[{'ServerId':'i-n1','Port':30443,'Status':'Unhealthy'}]}]}]}");
    }

    @Test
    void whatServersHaveToAgreeWithTravelsAlong() {
        Handover network = handover(BalancerTest.network("")
                .with(
                        "nlb.ListListeners",
                        BalancerTest.items(
                                "Listeners",
                                Vector.of("{'ListenerId':'lsn-1','LoadBalancerId':'nlb-1','ListenerProtocol':'TCP',"
                                        + "'ListenerPort':443,'ListenerStatus':'Running','ServerGroupId':'g-1',"
                                        + "'ProxyProtocolEnabled':true,'IdleTimeout':900}")))
                .trace(Account.fromInternet("203.0.113.61:443", "198.51.100.7")));
        assertThat(network.proxyProtocol()).isTrue();
        assertThat(network.idleSeconds()).contains(900);
        assertThat(network.kind()).isEqualTo(Handover.Kind.RELAYED);
        Handover classic = handover(Documents.serving(Account.withNode(), "10.0.1.11")
                .with(
                        "slb.DescribeLoadBalancerTCPListenerAttribute.lb-1.80",
                        Documents.listener("running", "'EstablishedTimeout':600"))
                .trace(Account.fromInternet("203.0.113.10:80", "198.51.100.7")));
        assertThat(classic.proxyProtocol()).isFalse();
        assertThat(classic.idleSeconds()).contains(600);
    }

    private static Handover handover(Trace trace) {
        return trace.hops()
                .map(TracedHop::hop)
                .flatMap(hop -> hop.branches())
                .map(branch -> branch.to())
                .filter(NetworkAddress.class::isInstance)
                .map(to -> ((NetworkAddress) to).flow())
                .flatMap(Flow::handover)
                .head();
    }
}
