package dev.podpath.k8s.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Endpoint;
import dev.podpath.core.cluster.Service;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.MemorySnapshot;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A list that is so long that several threads read it means what a short one means. */
class LongListTest {
    private static final int SERVICES = 3_000;

    private static final String PADDING = "\"annotations\": {\"a\": \"" + "x".repeat(1_500) + "\"}";

    @Test
    void objectsComeInTheirOrderWithTheirPlaces() {
        Reading<Cluster> reading = read(list(objects(-1)));
        Cluster cluster = reading.value();
        assertThat(reading.problems()).isEmpty();
        assertThat(cluster.services().map(service -> service.key().name()))
                .isEqualTo(Vector.range(0, SERVICES).map(i -> "s" + i));
        assertThat(cluster.endpoints().map(endpoint -> endpoint.pod().get()))
                .isEqualTo(Vector.range(0, SERVICES).map(i -> "default/pod" + i));
        Service last = cluster.services().last();
        Endpoint end = cluster.endpoints().last();
        assertThat(last.evidence().pointer()).contains("/items/" + (2 * SERVICES - 2));
        assertThat(end.evidence().pointer()).contains("/items/" + (2 * SERVICES - 1) + "/endpoints/0");
        assertThat(end.evidence().excerpt()).contains("10.1.11.183");
        assertThat(reading.reports().flatMap(LongListTest::full).sum().intValue())
                .isEqualTo(2 * SERVICES);
    }

    @Test
    void whatIsWrongIsToldWhereItStands() {
        Reading<Cluster> reading = read(list(objects(2_345)));
        DocumentProblem problem = reading.problems().head();
        assertThat(reading.problems()).hasSize(1);
        assertThat(problem.found()).contains("'99999' as port at /items/4690/spec/ports/0");
        assertThat(reading.value().services()).hasSize(SERVICES);
    }

    @Test
    void itemsOfATypedListNeedNotRepeatTheirKind() {
        List<String> services = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            services.add(service(i, 80).replace("\"kind\": \"Service\",", ""));
        }
        Reading<Cluster> reading = read(list(services).replace("\"kind\": \"List\"", "\"kind\": \"ServiceList\""));
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.value().services()).hasSize(SERVICES);
    }

    @Test
    void aListThatEndsTooSoonIsAProblemAndNoHalfOfIt() {
        String whole = list(objects(-1));
        Reading<Cluster> reading = read(whole.substring(0, whole.length() - 100));
        assertThat(reading.problems()).hasSize(1);
        assertThat(reading.value().services()).isEmpty();
    }

    private static Vector<Integer> full(DocumentReport report) {
        return Vector.of(report.count(Support.FULL));
    }

    private static Reading<Cluster> read(String text) {
        assertThat(text.length()).isGreaterThan(4 << 20);
        return new KubernetesInventory().read(MemorySnapshot.of(Map.of("kubernetes/objects.json", text)));
    }

    private static String list(List<String> objects) {
        return "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        " + String.join(",\n        ", objects)
                + "\n    ],\n    \"kind\": \"List\"\n}\n";
    }

    private static List<String> objects(int broken) {
        List<String> objects = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            objects.add(service(i, i == broken ? 99_999 : 80));
            objects.add("{\"kind\": \"EndpointSlice\", \"metadata\": {\"namespace\": \"default\", \"labels\": "
                    + "{\"kubernetes.io/service-name\": \"s" + i + "\"}}, \"addressType\": \"IPv4\", \"ports\": "
                    + "[{\"port\": 8080, \"protocol\": \"TCP\"}], \"endpoints\": [{\"addresses\": [\"10.1." + i / 256
                    + "." + i % 256 + "\"], \"targetRef\": {\"kind\": \"Pod\", \"namespace\": \"default\", \"name\": "
                    + "\"pod" + i + "\"}}]}");
        }
        return objects;
    }

    private static String service(int number, int port) {
        return "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {\"namespace\": \"default\", \"name\": \"s"
                + number + "\", " + PADDING + "}, \"spec\": {\"clusterIP\": \"10.96." + number / 256 + "."
                + number % 256 + "\", \"ports\": [{\"port\": " + port + "}]}}";
    }
}
