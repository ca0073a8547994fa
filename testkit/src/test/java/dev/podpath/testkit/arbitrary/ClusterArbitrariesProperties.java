package dev.podpath.testkit.arbitrary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.packet.Arrival;
import dev.podpath.testkit.arbitrary.SceneArbitraries.AnyCluster;
import dev.podpath.testkit.arbitrary.SceneArbitraries.Probed;
import io.vavr.Tuple;
import io.vavr.collection.Vector;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

class ClusterArbitrariesProperties {
    @Property(tries = 100)
    @Label("every endpoint has a pod that owns its address and runs where the endpoint says")
    void endpointsHavePods(@ForAll(supplier = AnyCluster.class) Cluster cluster) {
        for (Endpoint endpoint : cluster.endpoints()) {
            Pod pod = cluster.pod(endpoint.pod().get()).get();
            assertThat(pod.addresses()).contains(endpoint.address().address());
            assertThat(pod.node()).isEqualTo(endpoint.node());
            assertThat(cluster.node(pod.node().get())
                            .get()
                            .podPrefixes()
                            .exists(prefix -> prefix.contains(endpoint.address().address())))
                    .isTrue();
        }
    }

    @Property(tries = 100)
    @Label("no two service ports share an address and port, and no two pods an address of their own")
    void addressesAreUnique(@ForAll(supplier = AnyCluster.class) Cluster cluster) {
        Vector<Object> virtual = cluster.services()
                .flatMap(service -> service.clusterIps()
                        .appendAll(service.externalIps())
                        .appendAll(service.loadBalancerIps())
                        .flatMap(address -> service.ports()
                                .map(port -> Tuple.of(port.protocol(), new AddressPort(address, port.port())))));
        assertThat(virtual).doesNotHaveDuplicates();
        assertThat(cluster.services().flatMap(Service::ports).flatMap(port -> port.nodePort()))
                .doesNotHaveDuplicates();
        assertThat(cluster.pods().reject(Pod::hostNetwork).flatMap(Pod::addresses))
                .doesNotHaveDuplicates();
    }

    @Property(tries = 100)
    @Label("a packet enters a node in the way that fits its source")
    void arrivalsFit(@ForAll(supplier = Probed.class) ProbedScene probed) {
        for (Probe probe : probed.probes()) {
            assertThat(probe.arrival().kind() == Arrival.Kind.NODE)
                    .isEqualTo(probed.scene().isLocal(probe.packet().source()));
        }
    }

    @Example
    @Label("what the rules tell apart does occur")
    void variety() {
        Set<Service.Type> types = EnumSet.noneOf(Service.Type.class);
        Set<Arrival.Kind> arrivals = EnumSet.noneOf(Arrival.Kind.class);
        Set<String> seen = new TreeSet<>();
        SceneArbitraries.probedScenes().sampleStream().limit(300).forEach(probed -> {
            Cluster cluster = probed.scene().cluster();
            cluster.services().forEach(service -> {
                types.add(service.type());
                seen.add("internalLocal " + service.internalLocal());
                seen.add("externalLocal " + service.externalLocal());
                seen.add("ranges " + !service.sourceRanges().isEmpty());
                seen.add("affinity " + service.affinitySeconds().isDefined());
                seen.add("empty " + cluster.endpointsOf(service.key()).isEmpty());
            });
            probed.probes().forEach(probe -> {
                arrivals.add(probe.arrival().kind());
                seen.add("v6 " + probe.packet().destination().isV6());
                boolean vip = cluster.servicePortAt(
                                probe.packet().to(), probe.packet().protocol())
                        .isDefined();
                seen.add("vip " + vip);
            });
        });
        assertThat(types).isEqualTo(EnumSet.allOf(Service.Type.class));
        assertThat(arrivals).isEqualTo(EnumSet.allOf(Arrival.Kind.class));
        assertThat(seen).hasSize(14);
    }
}
