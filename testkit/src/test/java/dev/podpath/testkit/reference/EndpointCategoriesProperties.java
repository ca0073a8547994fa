package dev.podpath.testkit.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.core.cluster.ServicePort;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.arbitrary.SceneArbitraries.AnyScene;
import io.vavr.collection.Vector;
import java.util.function.BiConsumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

class EndpointCategoriesProperties {
    @Property(tries = 100)
    @Label("nobody is used who is neither ready nor serving to the end, and nobody who drains beside one who is ready")
    void onlyUsable(@ForAll(supplier = AnyScene.class) Scene scene) {
        eachPort(scene, (endpoints, use) -> {
            for (Vector<Endpoint> list : Vector.of(use.cluster(), use.local())) {
                assertThat(list.forAll(e -> e.ready() || (e.serving() && e.terminating())))
                        .isTrue();
                assertThat(list.forAll(Endpoint::ready) || list.forAll(e -> !e.ready()))
                        .isTrue();
            }
        });
    }

    @Property(tries = 100)
    @Label("local endpoints are on the node, and a ready one of them is always used where the port has a Local policy")
    void local(@ForAll(supplier = AnyScene.class) Scene scene) {
        eachPort(scene, (endpoints, use) -> {
            assertThat(use.local().forAll(e -> e.node().contains(scene.node()))).isTrue();
            if (use.usesLocal()) {
                assertThat(use.local())
                        .containsAll(endpoints.filter(e -> e.ready() && e.node().contains(scene.node())));
            }
        });
    }

    @Property(tries = 100)
    @Label("whoever could serve the port on some node makes it one that has endpoints")
    void any(@ForAll(supplier = AnyScene.class) Scene scene) {
        eachPort(
                scene,
                (endpoints, use) -> assertThat(use.hasAny())
                        .isEqualTo(endpoints.exists(e -> e.ready() || (e.serving() && e.terminating()))));
    }

    private static void eachPort(Scene scene, BiConsumer<Vector<Endpoint>, EndpointCategories> law) {
        for (Service service : scene.cluster().services()) {
            for (ServicePort port : service.ports()) {
                Vector<Endpoint> endpoints = EndpointCategories.deduplicated(
                        scene.cluster()
                                .endpointsOf(service.ref(port))
                                .filter(e -> !e.address().address().isV6()),
                        scene.node());
                law.accept(
                        endpoints,
                        EndpointCategories.of(
                                service,
                                port,
                                endpoints,
                                scene.node(),
                                scene.cluster().node(scene.node()).flatMap(node -> node.zone()),
                                false,
                                scene.config().hints()));
            }
        }
    }
}
