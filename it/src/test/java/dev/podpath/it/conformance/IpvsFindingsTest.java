package dev.podpath.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.proxy.ipvs.IpvsMode;
import dev.podpath.testkit.arbitrary.ClusterArbitraries;
import dev.podpath.testkit.arbitrary.Probe;
import dev.podpath.testkit.arbitrary.Probes;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.contract.WrittenNode;
import dev.podpath.testkit.fault.Fault;
import dev.podpath.testkit.fault.Injection;
import dev.podpath.testkit.fault.IpvsFaults;
import dev.podpath.testkit.reference.IpvsWriter;
import dev.podpath.testkit.reference.WriterConfig;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Shrinkable;

/** What a node's IPVS state shows by itself is found where a fault was put in, and nowhere else. */
class IpvsFindingsTest {
    private static final WriterConfig CONFIG =
            WriterConfig.byClusterPrefixes(IpPrefix.of("10.244.0.0/16"), IpPrefix.of("fd00:244::/32"));

    @Example
    @Label("a healthy node has no findings of its IPVS state")
    void clean() {
        for (Scene scene : scenes(12)) {
            assertThat(codes(scene, documents(scene))).as("%s", scene).isEmpty();
        }
    }

    @Example
    @Label("a load balancer's address without real servers is found where the service has ready endpoints")
    void balancerWithoutServers() {
        assertThat(found("half-applied-sync", "PP-PROXY-022", text -> text)).isGreaterThanOrEqualTo(2);
        assertThat(found("all-servers-drained", "PP-PROXY-022", text -> text)).isGreaterThanOrEqualTo(2);
    }

    @Example
    @Label("a rule that refuses what IPVS would serve is found")
    void servedAddressRefused() {
        assertThat(found("lost-service-entry", "PP-PROXY-025", text -> text)).isGreaterThanOrEqualTo(2);
    }

    @Example
    @Label("an address of a node on kube-ipvs0 is found")
    void nodeAddressOnDummy() {
        assertThat(found("node-address-on-dummy", "PP-PROXY-024", text -> text)).isGreaterThanOrEqualTo(2);
    }

    @Example
    @Label("conn_reuse_mode 0 is found where a real server is drained, and not otherwise")
    void reusedConnections() {
        String mode = "net.ipv4.vs.conn_reuse_mode = ";
        assertThat(found("drained-ready-server", "PP-PROXY-034", text -> text.replace(mode + 1, mode + 0)))
                .isGreaterThanOrEqualTo(2);
        assertThat(found("drained-ready-server", "PP-PROXY-034", text -> text)).isZero();
        assertThat(found("stale-real-server", "PP-PROXY-034", text -> text.replace(mode + 1, mode + 0)))
                .isZero();
    }

    /** In how many scenes a fault shows as this finding. */
    private static int found(String name, String code, UnaryOperator<String> sysctl) {
        Fault fault = IpvsFaults.all().find(one -> one.name().equals(name)).get();
        int found = 0;
        int scene = 0;
        for (Scene one : scenes(30)) {
            if (found >= 3) {
                break;
            }
            Map<String, String> healthy = documents(one);
            Map<String, String> set = healthy.put(
                    "sysctl.txt", sysctl.apply(healthy.get("sysctl.txt").get()));
            Option<Injection> injected = fault.inject(one, set, 31L * scene++);
            found += injected.exists(
                            injection -> codes(one, injection.documents()).contains(code))
                    ? 1
                    : 0;
        }
        return found;
    }

    private static Set<String> codes(Scene scene, Map<String, String> documents) {
        ServiceProxy proxy = new IpvsMode()
                .open(WrittenNode.of(scene.cluster(), scene.node(), documents))
                .value()
                .getOrElseThrow(why -> new AssertionError(why.text()));
        Vector<Probe> probes = Probes.systematic(scene)
                .appendAll(scene.cluster()
                        .nodes()
                        .flatMap(node -> node.internalAddresses())
                        .flatMap(address -> Probes.to(scene, Protocol.TCP, new AddressPort(address, 22))
                                .take(1)));
        return probes.flatMap(
                        probe -> proxy.route(probe.packet(), probe.arrival()).findings())
                .map(Finding::code)
                .map(code -> code.code())
                .toSet();
    }

    private static List<Scene> scenes(int count) {
        return ClusterArbitraries.clusters().generator(1000).stream(new Random(2026))
                .map(Shrinkable::value)
                .map(cluster -> new Scene(cluster, cluster.nodes().head().name(), CONFIG))
                .limit(count)
                .toList();
    }

    private static Map<String, String> documents(Scene scene) {
        return new IpvsWriter().documents(scene.cluster(), scene.node(), scene.config());
    }
}
