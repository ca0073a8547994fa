package dev.podpath.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.proxy.ipvs.parse.IpvsText;
import dev.podpath.proxy.ipvs.parse.Layout;
import dev.podpath.proxy.ipvs.table.ConnectionTable;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import dev.podpath.proxy.ipvs.table.ListOrder;
import dev.podpath.proxy.ipvs.table.ServiceFlags;
import dev.podpath.proxy.ipvs.table.ServiceKind;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Texts of a real kernel, and the tables kube-proxy's own tests expect. */
class SharedTablesTest {
    private static final Map<String, Layout> RICH = Map.of(
            "ipvsadm-Ln.txt", Layout.LISTING,
            "ipvsadm-Ln-nosort.txt", Layout.LISTING,
            "ipvsadm-Ln-sort.txt", Layout.LISTING,
            "ipvsadm-L-names.txt", Layout.LISTING,
            "ipvsadm-Ln-persistent-conn.txt", Layout.PERSISTENT,
            "ipvsadm-Ln-thresholds.txt", Layout.THRESHOLDS,
            "ipvsadm-Ln-stats.txt", Layout.STATS,
            "ipvsadm-Ln-stats-exact.txt", Layout.STATS,
            "ipvsadm-Ln-rate.txt", Layout.RATE);

    private static IpvsText text(Path file) throws IOException {
        IpvsText text = IpvsText.read(new Document("nodes/n/" + file.getFileName(), Files.readAllBytes(file)))
                .get();
        assertThat(text.problems()).isEmpty();
        return text;
    }

    private static IpvsTable table(Path file, Layout layout) throws IOException {
        IpvsText text = text(file);
        assertThat(text.layout()).as(file.toString()).isEqualTo(layout);
        IpvsTable table = ((IpvsText.Servers) text).table();
        assertThat(table.whole()).isTrue();
        return table;
    }

    @Test
    void everySampleOfOneTableIsTheSameTable() throws IOException {
        Path samples = Nodes.shared("kernel-lab/samples");
        IpvsTable saved = table(samples.resolve("ipvsadm-save-n.txt"), Layout.SAVE);
        assertThat(saved.services()).isEqualTo(12);
        for (Map.Entry<String, Layout> entry : RICH.entrySet()) {
            same(saved, table(samples.resolve(entry.getKey()), entry.getValue()), entry.getValue());
        }
        same(saved, table(samples.resolve("ipvsadm-save.txt"), Layout.SAVE), Layout.SAVE);
        same(saved, table(samples.resolve("proc-net-ip_vs.txt"), Layout.PROC), Layout.PROC);
        assertThat(table(samples.resolve("ipvsadm-Ln-nosort.txt"), Layout.LISTING)
                        .order())
                .isEqualTo(ListOrder.KERNEL);
        assertThat(table(samples.resolve("ipvsadm-Ln.txt"), Layout.LISTING).order())
                .isEqualTo(ListOrder.HIDDEN);
        assertThat(table(samples.resolve("ipvsadm-Ln-empty.txt"), Layout.LISTING)
                        .services())
                .isZero();
        assertThat(table(samples.resolve("ipvsadm-save-empty.txt"), Layout.SAVE).services())
                .isZero();
        assertThat(IpvsText.read(new Document(
                                "nodes/n/ipvsadm-Ln-timeout.txt",
                                Files.readAllBytes(samples.resolve("ipvsadm-Ln-timeout.txt"))))
                        .isLeft())
                .isTrue();
    }

    private static void same(IpvsTable saved, IpvsTable other, Layout layout) {
        assertThat(other.services()).isEqualTo(saved.services());
        assertThat(other.servers()).isEqualTo(saved.servers());
        for (int service = 0; service < saved.services(); service++) {
            int there = other.findSame(saved, service);
            assertThat(there).as(saved.describe(service)).isNotNegative();
            if (layout.hasSchedulers()) {
                assertThat(other.scheduler(there)).isEqualTo(saved.scheduler(service));
                assertThat(other.has(there, ServiceFlags.PERSISTENT))
                        .isEqualTo(saved.has(service, ServiceFlags.PERSISTENT));
                if (saved.has(service, ServiceFlags.PERSISTENT)) {
                    assertThat(other.netmask(there)).isEqualTo(saved.netmask(service));
                }
            }
            assertThat(servers(other, there, layout)).isEqualTo(servers(saved, service, layout));
        }
    }

    private static Vector<String> servers(IpvsTable table, int service, Layout layout) {
        return Vector.range(table.first(service), table.end(service))
                .map(server -> table.serverAddress(server) + " " + table.serverPort(server)
                        + (layout.hasWeights() ? " " + table.weight(server) : ""))
                .sorted();
    }

    @Test
    void bothListsOfConnectionsAreTheSame() throws IOException {
        Path samples = Nodes.shared("kernel-lab/samples");
        ConnectionTable listed = ((IpvsText.Connections) text(samples.resolve("ipvsadm-Lnc.txt"))).table();
        ConnectionTable proc = ((IpvsText.Connections) text(samples.resolve("proc-net-ip_vs_conn.txt"))).table();
        assertThat(listed.size()).isEqualTo(21).isEqualTo(proc.size());
        for (int row = 0; row < listed.size(); row++) {
            int there = proc.find(
                    listed.protocol(row),
                    listed.client(row).address(),
                    listed.client(row).port(),
                    listed.virtual(row).address(),
                    listed.virtual(row).port());
            assertThat(there).isNotNegative();
            assertThat(proc.server(there)).isEqualTo(listed.server(row));
            assertThat(proc.state(there)).isEqualTo(listed.state(row));
            assertThat(proc.expires(there)).isEqualTo(listed.expires(row));
        }
    }

    @Test
    void theTablesKubeProxysTestsExpectAreRead() throws IOException {
        int compared = 0;
        try (Stream<Path> files = Files.list(Nodes.shared("conformance/ipvs-tables"))) {
            for (Path file : files.sorted().toList()) {
                Json json = new Document(file.getFileName().toString(), Files.readAllBytes(file))
                        .json()
                        .get();
                Json rendered = json.at("renderedByUs");
                if (!json.at("expectedVirtualServers").isArray()
                        || rendered.text("ipvsadm -Ln").isEmpty()) {
                    continue;
                }
                for (String form : new String[] {"ipvsadm -Ln", "ipvsadm-save -n"}) {
                    compare(
                            json.items("expectedVirtualServers"),
                            rendered.text(form).get(),
                            form);
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(20);
    }

    private static void compare(Vector<Json> expected, String rendered, String form) {
        String name = form.startsWith("ipvsadm-save") ? "ipvsadm-save.txt" : "ipvsadm-Ln.txt";
        IpvsText text = IpvsText.read(new Document(name, rendered.getBytes(StandardCharsets.UTF_8)))
                .get();
        assertThat(text.problems()).isEmpty();
        IpvsTable table = ((IpvsText.Servers) text).table();
        assertThat(table.services()).isEqualTo(expected.size());
        for (Json service : expected) {
            int found = table.find(
                    ServiceKind.of(
                            Protocol.parse(service.text("protocol").get()).get()),
                    IpAddress.of(service.text("address").get()),
                    service.integer("port").get());
            assertThat(found).isNotNegative();
            assertThat(table.scheduler(found))
                    .contains(service.text("scheduler").get());
            assertThat(table.end(found) - table.first(found))
                    .isEqualTo(service.items("realServers").size());
        }
    }
}
