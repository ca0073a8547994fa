package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.RequestHead;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Application and network load balancers. */
final class BalancerTest {
    private static final String PUBLIC = "203.0.113.61";

    static String items(String container, Vector<String> items) {
        return "{'" + container + "':[" + items.mkString(",") + "],'TotalCount':" + items.size() + ",'NextToken':''}";
    }

    static String server(String group, String ip, int weight) {
        return "{'ServerGroupId':'%s','ServerId':'%s','ServerIp':'%s','ServerType':'Eni','Port':8080,'Weight':%d,'Status':'Available'}"
                .formatted(group, "eni-" + ip, ip, weight);
    }

    private static Account balancer(String product, String listener, Vector<String> rules, String groupExtra) {
        String attribute =
                ("{'LoadBalancerId':'%s-1','LoadBalancerName':'web','DNSName':'%s-1.cn-test.%s.aliyuncs.com',"
                                + "'AddressType':'Internet','LoadBalancerStatus':'Active','VpcId':'vpc-1','ZoneMappings':["
                                + "{'ZoneId':'a','LoadBalancerAddresses':[{'%s':'203.0.113.61','%s':'10.0.9.1'}]},"
                                + "{'ZoneId':'b','LoadBalancerAddresses':[{'%s':'203.0.113.62','%s':'10.0.9.2'}]}]}")
                        .formatted(
                                product,
                                product,
                                product,
                                product.equals("alb") ? "Address" : "PublicIPv4Address",
                                product.equals("alb") ? "IntranetAddress" : "PrivateIPv4Address",
                                product.equals("alb") ? "Address" : "PublicIPv4Address",
                                product.equals("alb") ? "IntranetAddress" : "PrivateIPv4Address");
        Account account = product.equals("alb")
                ? Account.empty().with("alb.GetListenerAttribute.lsn-1", listener)
                : Account.empty();
        return account.with(product + ".GetLoadBalancerAttribute." + product + "-1", attribute)
                .with(product + ".ListListeners", items("Listeners", Vector.of(listener)))
                .with("alb.ListRules", items("Rules", rules))
                .with(
                        product + ".ListServerGroups",
                        items(
                                "ServerGroups",
                                Vector.of("g-1", "g-2")
                                        .map(id -> "{'ServerGroupId':'" + id + "','Scheduler':'Wrr','Protocol':'HTTP'"
                                                + groupExtra + "}")))
                .with(
                        product + ".ListServerGroupServers.g-1",
                        items("Servers", Vector.of(server("g-1", "10.0.2.1", 100), server("g-1", "10.0.2.2", 300))))
                .with(
                        product + ".ListServerGroupServers.g-2",
                        items("Servers", Vector.of(server("g-2", "10.0.2.3", 100))));
    }

    private static String forward(String... groups) {
        return "{'Type':'ForwardGroup','Order':9,'ForwardGroupConfig':{'ServerGroupTuples':["
                + Vector.of(groups)
                        .map(g -> "{'ServerGroupId':'" + g.split(":")[0] + "','Weight':" + g.split(":")[1] + "}")
                        .mkString(",")
                + "]}}";
    }

    private static String albListener(String status, String extra) {
        return ("{'ListenerId':'lsn-1','LoadBalancerId':'alb-1','ListenerPort':80,'ListenerProtocol':'HTTP',"
                        + "'ListenerStatus':'%s','DefaultActions':[%s]%s}")
                .formatted(status, forward("g-2:100"), extra);
    }

    private static String nlbListener(String protocol, String ports) {
        return "{'ListenerId':'lsn-1','LoadBalancerId':'nlb-1','ListenerProtocol':'%s',%s,'ListenerStatus':'Running','ServerGroupId':'g-1'}"
                .formatted(protocol, ports);
    }

    private static String rule(int priority, String conditions, String... actions) {
        return ("{'RuleId':'rule-%d','ListenerId':'lsn-1','Priority':%d,'RuleStatus':'Available','Direction':'Request',"
                        + "'RuleConditions':[%s],'RuleActions':[%s]}")
                .formatted(priority, priority, conditions, String.join(",", actions));
    }

    private static String host(String value) {
        return "{'Type':'Host','HostConfig':{'Values':['" + value + "']}}";
    }

    private static String path(String value) {
        return "{'Type':'Path','PathConfig':{'Values':['" + value + "']}}";
    }

    private static Trace ask(Account account, String host, String path) {
        return account.trace(Account.fromInternet(PUBLIC + ":80", Account.url("http", host, path)));
    }

    private static Account alb(String... rules) {
        return balancer("alb", albListener("Running", ""), Vector.of(rules), "");
    }

    /** A network load balancer on TCP port 443 with servers 10.0.2.1 and 10.0.2.2; its group has this besides. */
    static Account network(String groupExtra) {
        return balancer("nlb", nlbListener("TCP", "'ListenerPort':443"), Vector.empty(), groupExtra);
    }

    /** The same with its servers in these zones, and addresses in zones a (203.0.113.61) and b (203.0.113.62). */
    static Account zonal(String first, String second, String crossing) {
        return network("")
                .with(
                        "nlb.GetLoadBalancerAttribute.nlb-1",
                        ("{'LoadBalancerId':'nlb-1','AddressType':'Internet','LoadBalancerStatus':'Active','VpcId':'vpc-1',"
                                        + "'CrossZoneEnabled':%s,'ZoneMappings':["
                                        + "{'ZoneId':'a','LoadBalancerAddresses':[{'PublicIPv4Address':'203.0.113.61'}]},"
                                        + "{'ZoneId':'b','LoadBalancerAddresses':[{'PublicIPv4Address':'203.0.113.62'}]}]}")
                                .formatted(crossing))
                .with(
                        "nlb.ListServerGroupServers.g-1",
                        items(
                                "Servers",
                                Vector.of(
                                        server("g-1", "10.0.2.1", 100).replace("}", ",'ZoneId':'" + first + "'}"),
                                        server("g-1", "10.0.2.2", 300).replace("}", ",'ZoneId':'" + second + "'}"))));
    }

    /** A load balancer with everything there is about one. */
    static Account everything() {
        return alb(
                        rule(1, host("~^x") + "," + path("/a*"), forward("g-1:1", "g-2:3")),
                        rule(2, "{'Type':'SourceIp','SourceIpConfig':{'Values':['192.0.2.0/24']}}", forward("g-1:1")),
                        rule(
                                3,
                                path("/*"),
                                "{'Type':'Rewrite','Order':1,'RewriteConfig':{'Path':'/n${path}'}}",
                                forward("g-2:1")))
                .with(
                        "alb.GetListenerAttribute.lsn-1",
                        albListener(
                                "Running",
                                ",'AclConfig':{'AclType':'Black','AclRelations':[{'AclId':'acl-1','Status':'Associated'}]}"))
                .with("alb.ListAclEntries.acl-1", items("AclEntries", Vector.of("{'Entry':'192.0.2.0/24'}")))
                .with(
                        "alb.GetListenerHealthStatus.lsn-1",
                        "{'ListenerHealthStatus':[{'ListenerId':'lsn-1','ServerGroupInfos':[{'ServerGroupId':'g-1',"
                                + "'NonNormalServers':[{'ServerId':'eni-10.0.2.2','Status':'Unhealthy'}]}]}]}");
    }

    /** A rule of a small space: which of two hosts, which beginning of the path, and which group. */
    record Rule(int priority, int host, String path, int group) {}

    @Provide
    Arbitrary<Rule> rules() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 50),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of("/*", "/a*", "/a/b", "/?/b"),
                        Arbitraries.integers().between(1, 2))
                .as(Rule::new);
    }

    private static boolean takes(Rule rule, String host, String path) {
        boolean forHost = rule.host() == 0 || host.equals(rule.host() == 1 ? "x.a.com" : "y.a.com");
        boolean forPath = switch (rule.path()) {
            case "/*" -> true;
            case "/a*" -> path.startsWith("/a");
            case "/a/b" -> path.equals("/a/b");
            default -> path.length() == 4 && path.endsWith("/b");
        };
        return forHost && forPath;
    }

    @Property(tries = 300, seed = "31")
    void theMatchingRuleWithTheLowestPriorityDecides(
            @ForAll @Size(max = 6) List<@From("rules") Rule> rules,
            @ForAll("hosts") String host,
            @ForAll("paths") String path) {
        Vector<Rule> distinct = Vector.ofAll(rules).distinctBy(Rule::priority);
        Trace trace = ask(
                alb(distinct.map(rule -> rule(
                                rule.priority(),
                                (rule.host() == 0 ? host("*.a.com") : host(rule.host() == 1 ? "x.a.com" : "Y.a.com"))
                                        + "," + path(rule.path()),
                                forward("g-" + rule.group() + ":100")))
                        .toJavaArray(String[]::new)),
                host,
                path);
        int group = distinct.filter(rule -> takes(rule, host, path))
                .minBy(Rule::priority)
                .map(Rule::group)
                .getOrElse(2);
        assertThat(Checks.delivered(trace))
                .containsExactlyElementsOf(
                        group == 1
                                ? Vector.of("10.0.2.1:8080 1/4", "10.0.2.2:8080 3/4")
                                : Vector.of("10.0.2.3:8080 1"));
    }

    @Provide
    Arbitrary<String> hosts() {
        return Arbitraries.of("x.a.com", "y.a.com", "z.a.com");
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("/", "/a", "/a/b", "/c/b", "/a/b/c");
    }

    @Property(tries = 100, seed = "32")
    void sharesAreProductsAndSumToOne(
            @ForAll @IntRange(min = 1, max = 100) int first, @ForAll @IntRange(min = 1, max = 100) int second) {
        Trace trace = ask(alb(rule(1, path("/*"), forward("g-1:" + first, "g-2:" + second))), "x.a.com", "/");
        assertThat(Checks.sum(trace.hops().head().hop())).isEqualTo(Fraction.ONE);
        assertThat(Checks.delivered(trace)).contains("10.0.2.1:8080 " + Fraction.of(first, 4L * (first + second)));
    }

    @Test
    void whatIsClosedForwardsNothing() {
        assertThat(Checks.codes(ask(balancer("alb", albListener("Stopped", ""), Vector.empty(), ""), "x", "/")))
                .containsExactly("PP-LB-101");
        assertThat(Checks.codes(alb().trace(Account.fromInternet(PUBLIC + ":81", "198.51.100.1"))))
                .containsExactly("PP-LB-100");
        Trace unknown = alb().without("alb.ListListeners")
                .without("alb.GetListenerAttribute.lsn-1")
                .trace(Account.fromInternet(PUBLIC + ":80", ""));
        assertThat(Checks.ends(unknown)).containsExactly(Disposition.UNKNOWN);
        assertThat(Checks.ends(ask(alb().without("alb.ListRules"), "x", "/"))).containsExactly(Disposition.UNKNOWN);
        assertThat(Checks.ends(ask(alb().without("alb.GetListenerAttribute.lsn-1"), "x", "/")))
                .as("access control is in no list")
                .containsExactly(Disposition.UNKNOWN);
    }

    @Test
    void actionsInTheirOrder() {
        String rewrite = "{'Type':'Rewrite','Order':1,'RewriteConfig':{'Host':'${host}','Path':'/new${path}'}}";
        Trace trace = ask(alb(rule(1, path("/*"), forward("g-2:100"), rewrite)), "x.a.com", "/old");
        assertThat(Checks.said(trace)).contains("becomes http://x.a.com/new/old");
        String redirect =
                "{'Type':'Redirect','Order':1,'RedirectConfig':{'Protocol':'HTTPS','Port':'443','HttpCode':'301'}}";
        assertThat(ask(alb(rule(1, path("/*"), redirect)), "x.a.com", "/old?q=1")
                        .outcomes()
                        .single()
                        .target()
                        .answer())
                .contains("301 https://x.a.com/old?q=1");
        String fixed = "{'Type':'FixedResponse','Order':1,'FixedResponseConfig':{'HttpCode':'503'}}";
        assertThat(Checks.ends(ask(alb(rule(1, path("/*"), fixed)), "x.a.com", "/")))
                .containsExactly(Disposition.FIXED_RESPONSE);
    }

    @Test
    void rulesByHeaderMethodQueryAndSource() {
        String header = "{'Type':'Header','HeaderConfig':{'Key':'x-canary','Values':['yes']}}";
        Account account = alb(rule(1, header, forward("g-1:100")));
        assertThat(Checks.ends(ask(account, "x.a.com", "/"))).containsExactly(Disposition.UNKNOWN);
        RequestHead head = RequestHead.parse("GET", Vector.of("X-Canary: yes")).get();
        assertThat(Checks.delivered(account.trace(Account.fromInternet(PUBLIC + ":80", with(head)))))
                .hasSize(2);
        RequestHead other = RequestHead.parse("GET", Vector.of("X-Canary: no")).get();
        assertThat(Checks.delivered(account.trace(Account.fromInternet(PUBLIC + ":80", with(other)))))
                .hasSize(1);
        String query = "{'Type':'QueryString','QueryStringConfig':{'Values':[{'Key':'v','Value':'2*'}]}}";
        assertThat(Checks.delivered(ask(alb(rule(1, query, forward("g-1:100"))), "x", "/?a=1&v=23")))
                .hasSize(2);
        assertThat(Checks.delivered(ask(alb(rule(1, query, forward("g-1:100"))), "x", "/?v=1")))
                .hasSize(1);
        String source = "{'Type':'SourceIp','SourceIpConfig':{'Values':['198.51.100.0/24']}}";
        assertThat(Checks.ends(ask(alb(rule(1, source, forward("g-1:100"))), "x", "/")))
                .containsExactly(Disposition.UNKNOWN);
    }

    private static Flow with(RequestHead head) {
        return new Flow(Protocol.TCP, Option.none(), Option.some(new HttpRequest("http", "x.a.com", "/").with(head)));
    }

    @Test
    void accessControlOfAListener() {
        Account account = alb().with(
                        "alb.GetListenerAttribute.lsn-1",
                        albListener(
                                "Running",
                                ",'AclConfig':{'AclType':'White','AclRelations':[{'AclId':'acl-1','Status':'Associated'}]}"))
                .with("alb.ListAclEntries.acl-1", items("AclEntries", Vector.of("{'Entry':'198.51.100.0/24'}")));
        assertThat(from(account, "198.51.100.7")).isEqualTo(Disposition.DELIVERED);
        assertThat(from(account, "192.0.2.7")).isEqualTo(Disposition.DROPPED);
        assertThat(from(account, "")).isEqualTo(Disposition.UNKNOWN);
        assertThat(from(account.with("alb.ListAclEntries.acl-1", items("AclEntries", Vector.empty())), "192.0.2.7"))
                .isEqualTo(Disposition.UNKNOWN);
        assertThat(from(account.without("alb.ListAclEntries.acl-1"), "198.51.100.7"))
                .isEqualTo(Disposition.UNKNOWN);
    }

    private static Disposition from(Account account, String source) {
        Option<IpAddress> client = source.isEmpty() ? Option.none() : Option.some(IpAddress.of(source));
        Flow flow = new Flow(Protocol.TCP, client, Option.some(new HttpRequest("http", "x.a.com", "/")));
        return Checks.ends(account.trace(Account.fromInternet(PUBLIC + ":80", flow)))
                .single();
    }

    @Test
    void unhealthyServersGetNothing() {
        String sick = "{'ServerId':'eni-10.0.2.2','Port':8080,'Status':'Unhealthy'}";
        String info =
                "{'ListenerHealthStatus':[{'ListenerId':'lsn-1','ServerGroupInfos':[{'ServerGroupId':'g-1','NonNormalServers':[%s]}]}]}";
        Account account = alb(rule(1, path("/*"), forward("g-1:100")))
                .with("alb.GetListenerHealthStatus.lsn-1", info.formatted(sick));
        Trace trace = ask(account, "x", "/");
        assertThat(Checks.delivered(trace)).containsExactly("10.0.2.1:8080 1");
        assertThat(Checks.codes(trace)).containsExactly("PP-LB-105");
        Trace all = ask(
                account.with(
                        "alb.GetListenerHealthStatus.lsn-1",
                        info.formatted(sick + "," + sick.replace("10.0.2.2", "10.0.2.1"))),
                "x",
                "/");
        assertThat(Checks.ends(all)).containsExactly(Disposition.UNKNOWN);
        assertThat(Checks.codes(all)).containsExactly("PP-LB-104");
    }

    @Test
    void theNameHasAnAddressInEachZone() {
        Trace trace = alb().trace(Account.name("alb-1.cn-test.alb.aliyuncs.com"));
        assertThat(trace.hops().head().hop().branches()).hasSize(2);
    }

    @Test
    void aNetworkLoadBalancerKeepsTheClientWhereItIsToldTo() {
        String kept = ",'PreserveClientIpEnabled':true";
        Account account = balancer("nlb", nlbListener("TCP", "'ListenerPort':443"), Vector.empty(), kept);
        Trace trace = account.trace(Account.fromInternet(PUBLIC + ":443", "198.51.100.7"));
        assertThat(Checks.delivered(trace)).containsExactly("10.0.2.1:8080 1/4", "10.0.2.2:8080 3/4");
        assertThat(Checks.said(trace)).contains("with the client's address kept");
        Trace own = account.trace(Account.inVpc("10.0.9.1:443", "10.0.2.1"));
        assertThat(Checks.codes(own)).containsExactly("PP-LB-017");
        assertThat(Checks.delivered(own)).containsExactly("10.0.2.2:8080 3/4");
        Account other = balancer("nlb", nlbListener("TCP", "'ListenerPort':443"), Vector.empty(), "");
        assertThat(Checks.codes(other.trace(Account.inVpc("10.0.9.1:443", "10.0.2.1"))))
                .isEmpty();
    }

    @Test
    void withoutForwardingAcrossZonesAnAddressServesItsZone() {
        assertThat(Checks.delivered(FaultsTest.zonal("b", "true")))
                .containsExactly("10.0.2.1:8080 1/4", "10.0.2.2:8080 3/4");
        assertThat(Checks.delivered(FaultsTest.zonal("b", "false"))).containsExactly("10.0.2.1:8080 1");
        assertThat(Checks.codes(FaultsTest.zonal("b", "false"))).isEmpty();
        Trace empty = zonal("a", "a", "false").trace(Account.fromInternet("203.0.113.62:443", "198.51.100.7"));
        assertThat(Checks.codes(empty)).containsExactly("PP-LB-011");
        assertThat(Checks.delivered(empty)).isEmpty();
    }

    @Test
    void aRangeOfPortsAndAnyPort() {
        Account account = balancer(
                "nlb",
                nlbListener("TCP", "'ListenerPort':0,'StartPort':1000,'EndPort':2000"),
                Vector.empty(),
                ",'AnyPortEnabled':true");
        assertThat(Checks.delivered(account.trace(Account.fromInternet(PUBLIC + ":1500", "198.51.100.7"))))
                .containsExactly("10.0.2.1:1500 1/4", "10.0.2.2:1500 3/4");
        assertThat(Checks.codes(account.trace(Account.fromInternet(PUBLIC + ":2001", "198.51.100.7"))))
                .containsExactly("PP-LB-100");
    }

    @Test
    void securityGroupsOfTheLoadBalancer() {
        Account account = balancer("nlb", nlbListener("TCP", "'ListenerPort':443"), Vector.empty(), "")
                .with(
                        "nlb.GetLoadBalancerAttribute.nlb-1",
                        "{'LoadBalancerId':'nlb-1','AddressType':'Internet','LoadBalancerStatus':'Active','VpcId':'vpc-1',"
                                + "'SecurityGroupIds':['sg-1'],'ZoneMappings':[{'LoadBalancerAddresses':["
                                + "{'PublicIPv4Address':'203.0.113.61'}]}]}")
                .with(
                        "ecs.DescribeSecurityGroupAttribute.sg-1",
                        "{'SecurityGroupId':'sg-1','Permissions':{'Permission':[{'Direction':'ingress','Policy':'Accept',"
                                + "'Priority':'1','IpProtocol':'TCP','PortRange':'443/443','SourceCidrIp':'198.51.100.0/24'}]}}")
                .with(
                        "ecs.DescribeSecurityGroups",
                        Documents.list(
                                "SecurityGroups",
                                "SecurityGroup",
                                "{'SecurityGroupId':'sg-1','SecurityGroupType':'enterprise'}"));
        assertThat(Checks.delivered(account.trace(Account.fromInternet(PUBLIC + ":443", "198.51.100.7"))))
                .hasSize(2);
        assertThat(Checks.codes(account.trace(Account.fromInternet(PUBLIC + ":443", "192.0.2.7"))))
                .containsExactly("PP-LB-020");
    }
}
