package dev.podpath.proxy.ipvs.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.podpath.core.net.IpAddress;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import dev.podpath.proxy.ipvs.table.ListOrder;
import dev.podpath.proxy.ipvs.table.ServiceFlags;
import dev.podpath.proxy.ipvs.table.ServiceKind;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Every form of a table is read as the same table, and anything else as a located problem. */
class FormsProperties {
    private static final String HEADING = "IP Virtual Server version 1.2.1 (size=4096)\n"
            + "Prot LocalAddress:Port Scheduler Flags\n"
            + "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n";

    @Provide
    Arbitrary<Sample> samples() {
        return Tables.samples();
    }

    @Property(tries = 300)
    void everyFormOfATableIsTheSameTable(@ForAll("samples") Sample sample) {
        IpvsTable listing = table("ipvsadm-Ln.txt", sample.listing(), Layout.LISTING);
        IpvsTable saved =
                sample.services().isEmpty() ? listing : table("ipvsadm-save.txt", sample.saved(), Layout.SAVE);
        IpvsTable proc = table("proc-net-ip_vs", sample.proc(), Layout.PROC);
        IpvsTable persistent = table("p.txt", sample.persistent(), Layout.PERSISTENT);
        IpvsTable thresholds = table("t.txt", sample.thresholds(), Layout.THRESHOLDS);

        List<String> facts = Sample.facts(listing, Layout.LISTING);
        assertThat(Sample.facts(saved, Layout.SAVE)).isEqualTo(facts);
        assertThat(Sample.facts(proc, Layout.PROC)).isEqualTo(facts);
        assertThat(Sample.facts(persistent, Layout.PERSISTENT)).isEqualTo(facts);
        assertThat(Sample.facts(thresholds, Layout.THRESHOLDS)).isEqualTo(Sample.facts(listing, Layout.THRESHOLDS));
        assertThat(proc.order()).isEqualTo(ListOrder.KERNEL);
        holds(listing, sample);
        for (int server = 0; server < thresholds.servers(); server++) {
            assertThat(thresholds.active(server)).isEqualTo(proc.active(server)).isEqualTo(listing.active(server));
            assertThat(saved.forwarding(server)).isEqualTo(proc.forwarding(server));
        }
    }

    @Property(tries = 150)
    void everyOptionOfTheListingShowsTheTableOfThePlainOne(@ForAll("samples") Sample sample, @ForAll long seed) {
        IpvsTable plain = table("ipvsadm-Ln.txt", sample.listing(), Layout.LISTING);
        for (boolean exact : new boolean[] {false, true}) {
            IpvsTable rate = table("rate.txt", sample.counters(true, exact), Layout.RATE);
            IpvsTable stats = table("stats.txt", sample.counters(false, exact), Layout.STATS);
            assertThat(Sample.facts(rate, Layout.RATE)).isEqualTo(Sample.facts(plain, Layout.RATE));
            assertThat(Sample.facts(stats, Layout.STATS)).isEqualTo(Sample.facts(plain, Layout.STATS));
        }
        Sample shuffled = sample.shuffled(new Random(seed));
        same(plain, table("nosort.txt", shuffled.listing(), Layout.LISTING), true);
        same(plain, table("persistent.txt", shuffled.persistent(), Layout.PERSISTENT), false);
    }

    /** Two listings of one table, whatever the order of each. */
    private static void same(IpvsTable plain, IpvsTable other, boolean forwarding) {
        assertThat(other.services()).isEqualTo(plain.services());
        for (int service = 0; service < plain.services(); service++) {
            int there = other.findSame(plain, service);
            assertThat(there).isNotNegative();
            assertThat(other.scheduler(there)).isEqualTo(plain.scheduler(service));
            for (int flag = 1; flag <= ServiceFlags.V6; flag <<= 1) {
                assertThat(other.has(there, flag)).isEqualTo(plain.has(service, flag));
            }
            assertThat(other.timeout(there)).isEqualTo(plain.timeout(service));
            assertThat(other.netmask(there)).isEqualTo(plain.netmask(service));
            assertThat(servers(other, there, forwarding)).isEqualTo(servers(plain, service, forwarding));
        }
    }

    private static Vector<String> servers(IpvsTable table, int service, boolean forwarding) {
        return Vector.range(table.first(service), table.end(service))
                .map(row -> table.serverAddress(row) + " " + table.serverPort(row) + " " + table.weight(row) + " "
                        + table.active(row) + " " + table.inactive(row) + (forwarding ? table.forwarding(row) : ""))
                .sorted();
    }

    private static void holds(IpvsTable table, Sample sample) {
        assertThat(table.services()).isEqualTo(sample.services().size());
        for (int i = 0; i < table.services(); i++) {
            Sample.Service service = sample.services().get(i);
            assertThat(table.kind(i)).isEqualTo(service.kind());
            assertThat(table.port(i)).isEqualTo(service.port());
            assertThat(table.scheduler(i)).contains(service.scheduler());
            int found = service.kind() == ServiceKind.FIREWALL_MARK
                    ? table.findMark(service.address().v4Bits(), service.has(ServiceFlags.V6))
                    : table.find(service.kind(), service.address(), service.port());
            assertThat(found).isEqualTo(i);
            for (int flag : new int[] {
                ServiceFlags.PERSISTENT,
                ServiceFlags.ONE_PACKET,
                ServiceFlags.FALLBACK,
                ServiceFlags.HASH_PORT,
                ServiceFlags.V6
            }) {
                assertThat(table.has(i, flag)).isEqualTo(service.has(flag));
            }
            if (service.has(ServiceFlags.PERSISTENT)) {
                assertThat(table.timeout(i)).isEqualTo(service.timeout());
                assertThat(table.netmask(i)).isEqualTo(service.mask());
            }
            for (int j = 0; j < service.servers().size(); j++) {
                Sample.Server server = service.servers().get(j);
                int row = table.first(i) + j;
                assertThat(table.serverAddress(row)).isEqualTo(server.address());
                assertThat(table.serverPort(row)).isEqualTo(server.port());
                assertThat(table.weight(row)).isEqualTo(server.weight());
                assertThat(table.inactive(row)).isEqualTo(server.inactive());
                assertThat(table.forwarding(row)).isEqualTo(server.forwarding());
            }
        }
    }

    @Property(tries = 300)
    void aListingInDescendingOrderShowsTheKernelsOrder(@ForAll("samples") Sample sample) {
        boolean close = sample.services().stream()
                .allMatch(service -> service.servers().stream()
                        .allMatch(server -> server.address().isV6()));
        IpvsTable listing = table("ipvsadm-Ln.txt", sample.listing(), Layout.LISTING);
        boolean descending = sample.services().stream().anyMatch(service -> {
            List<Sample.Server> servers = service.servers();
            for (int i = 1; i < servers.size(); i++) {
                int order =
                        servers.get(i - 1).address().compareTo(servers.get(i).address());
                if (order > 0
                        || order == 0
                                && servers.get(i - 1).port() > servers.get(i).port()) {
                    return true;
                }
            }
            return false;
        });
        if (close) {
            assertThat(listing.order()).isEqualTo(descending ? ListOrder.KERNEL : ListOrder.HIDDEN);
        } else if (!descending) {
            assertThat(listing.order()).isEqualTo(ListOrder.HIDDEN);
        }
    }

    @Property(tries = 1000)
    void anyBytesAreATableOrAProblem(@ForAll byte[] bytes) {
        read("ipvsadm-Ln.txt", bytes);
    }

    @Property(tries = 500)
    void aDamagedDocumentIsATableOrALocatedProblem(
            @ForAll("samples") Sample sample,
            @ForAll @IntRange(max = 4) int form,
            @ForAll @IntRange(max = 100_000) int place,
            @ForAll byte wrong,
            @ForAll boolean cut) {
        String text = switch (form) {
            case 0 -> sample.listing();
            case 1 -> sample.saved();
            case 2 -> sample.proc();
            case 3 -> sample.persistent();
            default -> sample.thresholds();
        };
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > 0) {
            int at = place % bytes.length;
            bytes[at] = wrong;
            bytes = cut ? Arrays.copyOf(bytes, at) : bytes;
        }
        read("ipvsadm-save.txt", bytes);
    }

    @Provide
    Arbitrary<String> hostileLines() {
        Arbitrary<String> numbers = Arbitraries.of(
                "-1", "65536", "99999999999999999999", "0x50", "4294967296", "2147483648", "1e9", "", "+80", "080");
        Arbitrary<String> forms = Arbitraries.of(
                "-A -t 10.96.0.10:# -s rr",
                "-A -t 10.96.0.10:80 -s rr -p #",
                "-A -f # -s rr",
                "-A -t 10.96.0.10:80 -s rr\n-a -t 10.96.0.10:80 -r 10.244.0.1:# -m -w 1",
                "-A -t 10.96.0.10:80 -s rr\n-a -t 10.96.0.10:80 -r 10.244.0.1:80 -m -w #",
                "-A -t 10.96.0.10:80 -s rr\n-a -t 10.96.0.10:80 -r 10.244.0.1:80 -m -w 1 -x # -y #",
                "TCP  10.96.0.10:# rr persistent #\n  -> 10.244.0.1:80 Masq # # #");
        return Combinators.combine(forms, numbers).as((form, number) -> form.replace("#", number) + "\n");
    }

    @Property(tries = 400)
    void aNumberThatIsNoneIsALocatedProblemOrATable(@ForAll("hostileLines") String text) {
        read("ipvsadm-save.txt", text.getBytes(StandardCharsets.US_ASCII));
        read("ipvsadm-Ln.txt", (HEADING + text).getBytes(StandardCharsets.US_ASCII));
    }

    @Example
    void aLineOfTenMegabytesEndsInTime() {
        for (String pattern :
                new String[] {"-A -t 10.96.0.10:80 -s rr ", "1", " ", "-a ", "[", "10.96.0.10:80 ", "\t-> "}) {
            byte[] bytes = pattern.repeat(10_000_000 / pattern.length()).getBytes(StandardCharsets.US_ASCII);
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                read("ipvsadm-save.txt", bytes);
                read("ipvsadm-Lnc.txt", bytes);
            });
        }
    }

    private static void read(String name, byte[] bytes) {
        Document document = new Document("nodes/n/" + name, bytes);
        var text = IpvsText.read(document);
        if (text.isLeft()) {
            assertThat(text.getLeft().document()).isEqualTo(document.path());
            return;
        }
        text.get().problems().forEach(problem -> {
            assertThat(problem.document()).isEqualTo(document.path());
            problem.line()
                    .forEach(line ->
                            assertThat(line).isBetween(1, document.lines().count()));
        });
    }

    @Provide
    Arbitrary<String> almostAddresses() {
        return Arbitraries.oneOf(
                Tables.addresses(true).map(IpAddress::toString),
                Tables.addresses(false).map(IpAddress::toString),
                Arbitraries.strings().withChars("0123456789abcF:.").ofMaxLength(24),
                Arbitraries.strings().withChars("1f:").ofMaxLength(18),
                Tables.addresses(false).map(address -> "::ffff:" + address),
                Tables.addresses(false).map(address -> "1:2:3:4:5:6:" + address));
    }

    @Property(tries = 5000)
    void addressesAreReadAsEverywhereElse(@ForAll("almostAddresses") String text) {
        AddressScan scan = new AddressScan();
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Either<String, IpAddress> read = scan.readBare(bytes, 0, bytes.length, false)
                ? Either.right(scan.v6 ? IpAddress.v6(scan.high, scan.low) : IpAddress.v4((int) scan.low))
                : Either.left("no address");
        assertThat(read.toOption()).isEqualTo(IpAddress.parse(text));
    }

    private static IpvsTable table(String name, String text, Layout layout) {
        IpvsText read = IpvsText.read(new Document("nodes/n/" + name, text.getBytes(StandardCharsets.US_ASCII)))
                .get();
        assertThat(read.layout()).isEqualTo(layout);
        assertThat(read.problems()).isEmpty();
        return ((IpvsText.Servers) read).table();
    }
}
