package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Trace;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

final class SlbTest {
    private static final String LISTENER = "slb.DescribeLoadBalancerTCPListenerAttribute.lb-1.80";
    private static final String HTTP = "slb.DescribeLoadBalancerHTTPListenerAttribute.lb-1.80";
    private static final String GROUP = "slb.DescribeVServerGroupAttribute.rsp-1";
    private static final String HEALTH = "slb.DescribeHealthStatus.lb-1";
    private static final String ACL_ON = "'AclStatus':'on','AclType':'white','AclIds':{'AclId':['acl-1']}";

    private static Account serving() {
        return Documents.serving(Account.withNode(), "10.0.1.11", "10.0.1.12");
    }

    private static Trace trace(Account account) {
        return account.trace(Account.fromInternet("203.0.113.10:80", "198.51.100.7"));
    }

    private static void fails(Account account, Disposition disposition, String code) {
        Trace trace = trace(account);
        assertThat(Checks.ends(trace)).containsExactly(disposition);
        assertThat(Checks.codes(trace)).containsExactly(code);
    }

    @Test
    void theCleanTwinIsDeliveredWithoutAFinding() {
        Trace trace = trace(serving());
        assertThat(Checks.delivered(trace)).containsExactly("10.0.1.11:8080 1/2", "10.0.1.12:8080 1/2");
        assertThat(Checks.codes(trace)).isEmpty();
        assertThat(trace.hops().head().hop().title()).isEqualTo("lb-1-name (lb-1) 203.0.113.10:80");
        NetworkAddress next = (NetworkAddress) trace.hops().get(1).hop().location();
        assertThat(next.flow().source().get()).hasToString("198.51.100.7");
        assertThat(next.vantage()).isEqualTo(new Vantage.PrivateNetwork(Option.some("vpc-1")));
        assertThat(Checks.said(trace)).contains("service app/web, port 80, of cluster c1");
    }

    @Test
    void weightsAreExactAndZeroIsLeftOut() {
        Account account = serving()
                .with(
                        GROUP,
                        Documents.group(
                                Documents.eni("10.0.1.11", 30),
                                Documents.eni("10.0.1.12", 10),
                                Documents.eni("10.0.1.13", 0)));
        Trace trace = trace(account);
        assertThat(Checks.delivered(trace)).containsExactly("10.0.1.11:8080 3/4", "10.0.1.12:8080 1/4");
        assertThat(Checks.said(trace)).contains("SKIPPED server eni-10.0.1.13 port 8080 gets no new connections");
    }

    @Test
    void anInstanceThatIsNotActiveForwardsNothing() {
        fails(
                serving()
                        .with(
                                "slb.DescribeLoadBalancers",
                                Documents.list(
                                        "LoadBalancers",
                                        "LoadBalancer",
                                        Documents.balancer("lb-1", "203.0.113.10", "internet", "inactive"))),
                Disposition.BLACKHOLED,
                "PP-LB-102");
    }

    @Test
    void aStoppedListenerForwardsNothing() {
        fails(serving().with(LISTENER, Documents.listener("stopped", "")), Disposition.BLACKHOLED, "PP-LB-101");
    }

    @Test
    void aPortWithoutAListenerIsClosed() {
        Trace trace = serving().trace(Account.fromInternet("203.0.113.10:81", ""));
        assertThat(Checks.ends(trace)).containsExactly(Disposition.BLACKHOLED);
        assertThat(Checks.codes(trace)).containsExactly("PP-LB-100");
    }

    @Test
    void aListenerThatWasNotCapturedIsNotKnown() {
        Trace declared = trace(serving().without(LISTENER));
        assertThat(Checks.ends(declared)).containsExactly(Disposition.UNKNOWN);
        assertThat(Checks.said(declared))
                .contains(
                        "aliyun slb DescribeLoadBalancerTCPListenerAttribute --RegionId cn-test --LoadBalancerId lb-1 "
                                + "--ListenerPort 80");
        Trace nothing = trace(serving().without(LISTENER).without("slb.DescribeLoadBalancerAttribute.lb-1"));
        assertThat(Checks.ends(nothing)).containsExactly(Disposition.UNKNOWN);
    }

    @Test
    void theListOfListenersServesWhereAnAttributeIsMissing() {
        Account account = serving()
                .without(LISTENER)
                .with(
                        "slb.DescribeLoadBalancerListeners.lb-1",
                        "{'Listeners':[{'LoadBalancerId':'lb-1','ListenerPort':80,'ListenerProtocol':'tcp','Status':'running',"
                                + "'VServerGroupId':'rsp-1','Scheduler':'rr','TCPListenerConfig':{'HealthCheck':'on'}}],"
                                + "'TotalCount':1}");
        assertThat(Checks.delivered(trace(account))).containsExactly("10.0.1.11:8080 1/2", "10.0.1.12:8080 1/2");
    }

    @Test
    void aPrivateAddressIsNotOnTheInternet() {
        Account account = serving()
                .with("slb.DescribeLoadBalancerTCPListenerAttribute.lb-2.80", Documents.listener("running", ""));
        Trace outside = account.trace(Account.fromInternet("10.0.3.20:80", "198.51.100.7"));
        assertThat(Checks.ends(outside)).containsExactly(Disposition.BLACKHOLED);
        assertThat(Checks.codes(outside)).containsExactly("PP-LB-103");
        assertThat(Checks.ends(account.trace(Account.inVpc("10.0.3.20:80", "10.0.9.9"))))
                .containsExactly(Disposition.DELIVERED);
        Trace office = account.trace(new NetworkAddress(
                AddressPort.parse("10.0.3.20:80").get(),
                Account.flow("10.8.0.1"),
                new Vantage.PrivateNetwork(Option.none())));
        assertThat(office.assumptions()).anyMatch(text -> text.contains("the client's network is routed to VPC vpc-1"));
    }

    @Test
    void theWhiteListStopsOthers() {
        Account account = serving()
                .with(LISTENER, Documents.listener("running", ACL_ON))
                .with("slb.DescribeAccessControlListAttribute.acl-1", Documents.acl("198.51.100.0/24", "10.0.0.0/8"));
        assertThat(Checks.ends(trace(account))).containsExactly(Disposition.DELIVERED);
        Trace denied = account.trace(Account.fromInternet("203.0.113.10:80", "192.0.2.1"));
        assertThat(Checks.ends(denied)).containsExactly(Disposition.DROPPED);
        assertThat(Checks.codes(denied)).containsExactly("PP-LB-010");
        Trace unknown = account.trace(Account.fromInternet("203.0.113.10:80", ""));
        assertThat(Checks.ends(unknown)).containsExactly(Disposition.UNKNOWN);
        assertThat(Checks.said(unknown)).contains("--from");
    }

    @Test
    void aPrivateClientIsSeenByAPublicListenerWithItsNatsAddress() {
        Account account = serving()
                .with(LISTENER, Documents.listener("running", ACL_ON))
                .with("slb.DescribeAccessControlListAttribute.acl-1", Documents.acl("10.0.0.0/8"));
        Trace trace = account.trace(new NetworkAddress(
                AddressPort.parse("203.0.113.10:80").get(),
                Account.flow("10.8.4.20"),
                new Vantage.PrivateNetwork(Option.none())));
        assertThat(Checks.ends(trace)).containsExactly(Disposition.UNKNOWN);
        assertThat(trace.assumptions()).anyMatch(text -> text.contains("NAT"));
    }

    @Test
    void anEmptyWhiteListAndAMissingListAreUndecided() {
        Account on = serving().with(LISTENER, Documents.listener("running", ACL_ON));
        Trace missing = trace(on);
        assertThat(Checks.ends(missing)).containsExactly(Disposition.UNKNOWN);
        assertThat(Checks.said(missing))
                .contains("DescribeAccessControlListAttribute --RegionId cn-test --AclId acl-1");
        Trace empty = trace(on.with("slb.DescribeAccessControlListAttribute.acl-1", Documents.acl()));
        assertThat(Checks.ends(empty)).containsExactly(Disposition.UNKNOWN);
        Account black = serving()
                .with(LISTENER, Documents.listener("running", ACL_ON.replace("white", "black")))
                .with("slb.DescribeAccessControlListAttribute.acl-1", Documents.acl());
        assertThat(Checks.ends(trace(black))).containsExactly(Disposition.DELIVERED);
    }

    @Test
    void anEmptyGroupTakesNothing() {
        fails(serving().with(GROUP, Documents.group()), Disposition.BLACKHOLED, "PP-LB-011");
        fails(
                serving().with(GROUP, Documents.group(Documents.eni("10.0.1.11", 0))),
                Disposition.BLACKHOLED,
                "PP-LB-011");
    }

    @Test
    void unhealthyServersAreLeftOutAndAllUnhealthyIsUndecided() {
        Account one = serving()
                .with(
                        HEALTH,
                        Documents.list(
                                "BackendServers",
                                "BackendServer",
                                Documents.health("10.0.1.11", "abnormal"),
                                Documents.health("10.0.1.12", "normal")));
        assertThat(Checks.delivered(trace(one))).containsExactly("10.0.1.12:8080 1");
        assertThat(Checks.codes(trace(one))).containsExactly("PP-LB-105");
        fails(
                serving()
                        .with(
                                HEALTH,
                                Documents.list(
                                        "BackendServers",
                                        "BackendServer",
                                        Documents.health("10.0.1.11", "abnormal"),
                                        Documents.health("10.0.1.12", "abnormal"))),
                Disposition.UNKNOWN,
                "PP-LB-104");
        Account unchecked = serving()
                .with(LISTENER, Documents.listener("running", "").replace("'HealthCheck':'on'", "'HealthCheck':'off'"))
                .with(
                        HEALTH,
                        Documents.list(
                                "BackendServers",
                                "BackendServer",
                                Documents.health("10.0.1.11", "abnormal"),
                                Documents.health("10.0.1.12", "unavailable")));
        assertThat(Checks.delivered(trace(unchecked))).hasSize(2);
        Trace uncaptured = trace(serving().without(HEALTH));
        assertThat(uncaptured.assumptions()).anyMatch(text -> text.contains("DescribeHealthStatus"));
    }

    @Test
    void aServerCannotBeItsOwnClient() {
        Trace trace = Documents.network(serving(), "", Documents.route("0.0.0.0/0", "NatGateway", "ngw-1"))
                .with(GROUP, Documents.group("{'ServerId':'i-n1','Port':8080,'Weight':100,'Type':'ecs'}"))
                .with("slb.DescribeLoadBalancerTCPListenerAttribute.lb-2.80", Documents.listener("running", ""))
                .trace(Account.inVpc("10.0.3.20:80", "10.0.2.21"));
        assertThat(Checks.ends(trace)).containsExactly(Disposition.BLACKHOLED);
        assertThat(Checks.codes(trace)).contains("PP-LB-018");
    }

    @Test
    void anHttpListenerOpensItsOwnConnection() {
        Account account = serving()
                .without(LISTENER)
                .with(HTTP.replace("HTTPL", "HTTPSL"), Documents.listener("running", "'Rules':{'Rule':[]}"))
                .without(HEALTH);
        Trace trace = account.trace(Account.fromInternet(
                "203.0.113.10:80",
                Account.url("https", "w.a.com", "/x")
                        .from(AddressPort.parse("198.51.100.7:0").get().address())));
        NetworkAddress next = (NetworkAddress) trace.hops().get(1).hop().location();
        assertThat(next.flow().source()).isEmpty();
        assertThat(next.flow().http().get()).hasToString("http://w.a.com/x");
        Trace plain = account.trace(Account.fromInternet("203.0.113.10:80", Account.url("http", "w.a.com", "/")));
        assertThat(Checks.ends(plain)).containsExactly(Disposition.REJECTED);
    }

    @Test
    void aForwardingListenerRedirects() {
        Trace trace = serving()
                .without(LISTENER)
                .with(HTTP, "{'ListenerPort':80,'Status':'running','ListenerForward':'on','ForwardPort':8443}")
                .trace(Account.fromInternet("203.0.113.10:80", Account.url("http", "w.a.com", "/x?y")));
        assertThat(Checks.ends(trace)).containsExactly(Disposition.REDIRECTED);
        assertThat(trace.outcomes().head().target().answer().get()).isEqualTo("https://w.a.com:8443/x?y");
    }

    @Test
    void rulesChooseByHostThenByTheLongestUrl() {
        String rules = "'Rules':{'Rule':[" + rule("w.a.com", "/", "rsp-root") + "," + rule("w.a.com", "/api", "rsp-api")
                + "," + rule("*.a.com", "/", "rsp-wild") + "," + rule("*.x.a.com", "/", "rsp-deep") + ","
                + rule("", "/any", "rsp-any") + "," + rule("only.a.com", "/sub", "rsp-sub") + "]}";
        Account account = serving().without(LISTENER).with(HTTP, Documents.listener("running", rules));
        assertThat(chosen(account, "w.a.com", "/")).contains("rsp-root");
        assertThat(chosen(account, "w.a.com", "/api/v1?q")).contains("rsp-api");
        assertThat(chosen(account, "v.a.com", "/api")).contains("rsp-wild");
        assertThat(chosen(account, "v.x.a.com", "/api")).contains("rsp-deep");
        assertThat(chosen(account, "b.com", "/anything")).contains("rsp-any");
        assertThat(chosen(account, "b.com", "/")).contains("server group rsp-1");
        assertThat(chosen(account, "only.a.com", "/")).contains("not established");
        Trace hostless = account.trace(Account.fromInternet("203.0.113.10:80", ""));
        assertThat(Checks.ends(hostless)).containsExactly(Disposition.UNKNOWN);
    }

    private static String rule(String domain, String url, String group) {
        return "{'RuleId':'r','Domain':'%s','Url':'%s','VServerGroupId':'%s'}".formatted(domain, url, group);
    }

    private static String chosen(Account account, String host, String path) {
        return Checks.said(account.trace(Account.fromInternet("203.0.113.10:80", Account.url("http", host, path))));
    }

    @Test
    void theDefaultGroupUsesTheListenersPort() {
        Account account = serving()
                .with(
                        LISTENER,
                        "{'ListenerPort':'80','Status':'running','BackendServerPort':'31080','Scheduler':'wlc'}")
                .with(
                        "slb.DescribeLoadBalancerAttribute.lb-1",
                        Documents.attribute("lb-1", "203.0.113.10", "internet", "80:tcp")
                                .replace(
                                        "'BackendServer':[]",
                                        "'BackendServer':["
                                                + Documents.eni("10.0.1.11", 100)
                                                        .replace("'Port':'8080',", "") + "]"))
                .without(HEALTH);
        assertThat(Checks.delivered(trace(account))).containsExactly("10.0.1.11:31080 1");
    }

    @Test
    void theStandbyServerWaits() {
        Account account = serving()
                .with(
                        LISTENER,
                        Documents.listener("running", "")
                                .replace("'VServerGroupId':'rsp-1'", "'MasterSlaveServerGroupId':'ms-1'"))
                .with(
                        "slb.DescribeMasterSlaveServerGroupAttribute.ms-1",
                        "{'MasterSlaveServerGroupId':'ms-1','MasterSlaveBackendServers':{'MasterSlaveBackendServer':["
                                + Documents.eni("10.0.1.12", 100).replace("'Type'", "'ServerType':'Slave','Type'") + ","
                                + Documents.eni("10.0.1.11", 100).replace("'Type'", "'ServerType':'Master','Type'")
                                + "]}}");
        assertThat(Checks.delivered(trace(account))).containsExactly("10.0.1.11:8080 1");
        assertThat(Checks.delivered(trace(account.with(
                        HEALTH,
                        Documents.list("BackendServers", "BackendServer", Documents.health("10.0.1.11", "abnormal"))))))
                .containsExactly("10.0.1.12:8080 1");
    }

    @Test
    void schedulersThatLookAtLoadDefineNoShare() {
        for (String scheduler : new String[] {"wlc", "sch", "tch", ""}) {
            Account account =
                    serving().with(LISTENER, Documents.listener("running", "").replace("wrr", scheduler));
            assertThat(Checks.delivered(trace(account)))
                    .containsExactly("10.0.1.11:8080 unknown", "10.0.1.12:8080 unknown");
        }
    }

    @Test
    void whatANodeAsksForIsTheNodesBusiness() {
        Vantage node = new Vantage.OnNode(
                "n1", dev.podpath.core.packet.Arrival.of(dev.podpath.core.packet.Arrival.Kind.POD), Option.none());
        Trace trace = serving()
                .trace(new NetworkAddress(AddressPort.parse("203.0.113.10:80").get(), Account.flow("10.0.2.21"), node));
        assertThat(trace.hops()).hasSize(1);
        assertThat(trace.hops().head().hop().kind().name()).isEqualTo("end");
    }
}
