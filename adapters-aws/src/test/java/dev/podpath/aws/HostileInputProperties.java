package dev.podpath.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.LoadBalancerPort;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Outbound;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.plugin.Reading;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Whatever the documents hold, there is a result: never an exception, and nothing delivered that was not before. */
class HostileInputProperties {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Vector<Location> STARTS = Vector.of(
            Account.https("web.example.com", "/cart"),
            Account.https("raw.example.com", "/"),
            Account.url("http", "web.example.com", 80, "/", Option.none()),
            new NetworkAddress(
                    AddressPort.parse("203.0.113.22:443").get(), Account.tcp("198.51.100.7"), new Vantage.Internet()),
            new NetworkAddress(
                    AddressPort.parse("10.0.1.10:30080").get(),
                    Account.tcp("10.0.2.10"),
                    new Vantage.PrivateNetwork(Option.none())),
            new LoadBalancerPort(
                    "aws", Account.NLB, 443, Account.tcp("10.0.1.20"), new Vantage.PrivateNetwork(Option.none())),
            new Outbound(
                    "node-a",
                    IpAddress.of("10.0.1.10"),
                    AddressPort.parse("192.0.2.80:443").get(),
                    Account.tcp("10.0.1.10")));

    @Property(tries = 400)
    void documentsWithoutSomeOfTheirFields(@ForAll long seed) {
        Random random = new Random(seed);
        TestSnapshot snapshot = Account.snapshot();
        for (String path : snapshot.paths()) {
            if (random.nextInt(3) == 0) {
                JsonNode root = parse(snapshot.text(path));
                for (int i = random.nextInt(4); i >= 0; i--) {
                    damage(root, random);
                }
                snapshot.with(path, root.toString());
            }
        }
        traceAll(snapshot);
    }

    @Property(tries = 100)
    void documentsThatEndTooEarly(@ForAll long seed) {
        Random random = new Random(seed);
        TestSnapshot snapshot = Account.snapshot();
        String path = snapshot.paths().get(random.nextInt(snapshot.paths().size()));
        String text = snapshot.text(path);
        snapshot.with(path, text.substring(0, random.nextInt(text.length())));

        Reading<Vector<HopResolver>> reading = new AwsProvider().open(snapshot, Account.cluster());
        assertThat(reading.problems())
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.document()).isEqualTo(path));
        traceAll(snapshot);
    }

    @Property(tries = 200)
    void arbitraryBytes(@ForAll byte[] bytes, @ForAll long seed) {
        TestSnapshot snapshot = Account.snapshot();
        String path =
                snapshot.paths().get(new Random(seed).nextInt(snapshot.paths().size()));
        traceAll(snapshot.with(path, bytes));
    }

    /** Less evidence may lose a delivery, but never make one where the whole evidence has none. */
    @Property(tries = 150)
    void aClosedDoorStaysClosed(@ForAll long seed) {
        Random random = new Random(seed);
        TestSnapshot closed =
                Account.snapshot().with(Account.DIR + "elbv2.describe-target-health.tg-web.json", Account.health());
        List<String> removable = new ArrayList<>(closed.paths()
                .filter(path -> !path.contains("target-health") && !path.contains("load-balancers.json"))
                .toJavaList());
        for (int i = random.nextInt(4); i > 0; i--) {
            closed.without(removable.remove(random.nextInt(removable.size())));
        }
        Trace trace = Account.trace(closed, STARTS.head());

        assertThat(InboundTest.targets(trace)).isEmpty();
    }

    @Test
    void aHugeTargetGroupIsReadInTime() {
        String[] targets = new String[20_000];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = Account.target("10.1." + i / 250 + "." + i % 250, 8080, "eu-west-1a", "healthy", "");
        }
        TestSnapshot snapshot = Account.snapshot()
                .with(Account.DIR + "elbv2.describe-target-health.tg-web.json", Account.health(targets));

        assertThat(Account.trace(snapshot, STARTS.head()).hops()).isNotEmpty();
    }

    @Test
    void everyDocumentIsReported() {
        Reading<Vector<HopResolver>> reading = new AwsProvider().open(Account.snapshot(), Account.cluster());

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.reports().map(report -> report.document()).sorted())
                .containsExactlyElementsOf(Account.snapshot().paths().sorted());
    }

    @Test
    void anEmptySnapshotHasNoResolvers() {
        assertThat(new AwsProvider().open(new TestSnapshot(), Cluster.unknown()).value())
                .isEmpty();
    }

    private static void traceAll(TestSnapshot snapshot) {
        for (Location start : STARTS) {
            Trace trace = Account.trace(snapshot, start);
            assertThat(trace.outcomes()).isNotEmpty();
        }
    }

    /** Takes one field or element out, or puts something of another kind in its place. */
    private static void damage(JsonNode node, Random random) {
        JsonNode here = node;
        while (true) {
            List<JsonNode> inner = new ArrayList<>();
            here.forEach(child -> {
                if (child.isContainerNode() && !child.isEmpty()) {
                    inner.add(child);
                }
            });
            if (inner.isEmpty() || random.nextInt(4) == 0) {
                break;
            }
            here = inner.get(random.nextInt(inner.size()));
        }
        if (here instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(4)) {
                case 0 -> object.put(name, random.nextInt());
                case 1 -> object.put(name, "");
                case 2 -> object.putNull(name);
                default -> object.remove(name);
            }
        } else if (here instanceof ArrayNode array && !array.isEmpty()) {
            array.remove(random.nextInt(array.size()));
        }
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
