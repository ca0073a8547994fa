package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Trace;
import io.vavr.collection.Vector;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** No request is delivered past a closed door, and every request is where all doors are open. */
final class ClosedDoorsProperties {
    private static final Vector<String> SERVERS = Vector.of("10.0.2.21", "10.0.2.22");

    /**
     * What is open on the way to a load balancer's servers.
     *
     * @param active whether the load balancer is
     * @param running whether the listener is
     * @param listed whether the white list has the client
     * @param balanced whether forwarding goes to a group with servers
     */
    record Doors(boolean active, boolean running, boolean listed, boolean balanced) {
        boolean open() {
            return active && running && listed && balanced;
        }
    }

    /**
     * A server.
     *
     * @param health as the health check has it
     * @param weight 0 or 100
     */
    record Server(String health, int weight) {
        boolean takes() {
            return weight > 0 && !health.equals("abnormal");
        }
    }

    @Provide
    Arbitrary<Doors> doors() {
        Arbitrary<Boolean> mostly =
                Arbitraries.frequency(net.jqwik.api.Tuple.of(9, true), net.jqwik.api.Tuple.of(1, false));
        return Combinators.combine(mostly, mostly, mostly, mostly).as(Doors::new);
    }

    @Provide
    Arbitrary<Server> servers() {
        return Combinators.combine(
                        Arbitraries.of("normal", "normal", "abnormal", "unavailable"), Arbitraries.of(0, 100, 100))
                .as(Server::new);
    }

    @Property(tries = 400)
    void deliveredIsWhatEveryDoorLetsPass(
            @ForAll("doors") Doors doors, @ForAll @Size(2) List<@From("servers") Server> servers) {
        Trace trace = world(doors, servers).trace(Account.fromInternet("203.0.113.10:80", "198.51.100.7"));

        Vector<String> taking =
                SERVERS.zip(servers).filter(pair -> pair._2().takes()).map(pair -> pair._1());
        Vector<String> expected = doors.open()
                ? taking.map(ip -> ip + ":8080 1" + (taking.size() == 1 ? "" : "/" + taking.size()))
                : Vector.empty();
        assertThat(Checks.delivered(trace)).isEqualTo(expected);
        assertThat(Checks.ends(trace).contains(Disposition.DELIVERED)).isEqualTo(!expected.isEmpty());
    }

    private static Account world(Doors doors, List<Server> servers) {
        Account serving = Documents.serving(Account.withNode(), SERVERS.toJavaArray(String[]::new));
        return serving.with(
                        "slb.DescribeLoadBalancers",
                        Documents.list(
                                "LoadBalancers",
                                "LoadBalancer",
                                Documents.balancer(
                                        "lb-1", "203.0.113.10", "internet", doors.active() ? "active" : "inactive")))
                .with(
                        "slb.DescribeLoadBalancerTCPListenerAttribute.lb-1.80",
                        Documents.listener(
                                doors.running() ? "running" : "stopped",
                                "'AclStatus':'on','AclType':'white','AclId':'acl-1'"))
                .with(
                        "slb.DescribeAccessControlListAttribute.acl-1",
                        Documents.acl(doors.listed() ? "198.51.100.0/24" : "192.0.2.0/24"))
                .with(
                        "slb.DescribeVServerGroupAttribute.rsp-1",
                        doors.balanced()
                                ? Documents.group(
                                        Documents.eni(
                                                SERVERS.get(0), servers.get(0).weight()),
                                        Documents.eni(
                                                SERVERS.get(1), servers.get(1).weight()))
                                : Documents.group())
                .with(
                        "slb.DescribeHealthStatus.lb-1",
                        Documents.list(
                                "BackendServers",
                                "BackendServer",
                                Documents.health(SERVERS.get(0), servers.get(0).health()),
                                Documents.health(SERVERS.get(1), servers.get(1).health())));
    }
}
