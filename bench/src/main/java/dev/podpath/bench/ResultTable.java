package dev.podpath.bench;

import dev.podpath.bench.cluster.ClusterShape;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ServiceProxy;
import dev.podpath.ports.snapshot.Document;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Measures the proxy modes over all sizes in a few minutes and prints the tables of {@code RESULTS.md}: for each figure the
 * best and the median of rounds of wall time, after rounds that do not count. The benchmarks under JMH measure the same
 * with more care and take longer.
 */
public final class ResultTable {
    private static final int[] SIZES = {1_000, 5_000, 10_000, 25_000, 50_000};
    /** What the texts take together whose heap is measured. */
    private static final int HEAP_BYTES = 32_000_000;

    private static final int PACKETS = 1 << 14;
    private static final double WARM_SECONDS = 1;
    private static final double SECONDS = 0.6;
    /** From so many services on rounds take longer, and so do we. */
    private static final int LARGE = 50_000;

    private static final Arrival POD = Arrival.of(Arrival.Kind.POD);

    private final PrintStream out;
    private double longer = 1;
    private long kept;

    private ResultTable(PrintStream out) {
        this.out = out;
    }

    /** Prints a table for each mode; with arguments, for the modes and numbers of services among them. */
    public static void main(String[] arguments) {
        List<String> all = List.of(arguments);
        int[] sizes = all.stream()
                .filter(text -> Character.isDigit(text.charAt(0)))
                .mapToInt(Integer::parseInt)
                .toArray();
        List<Subject> subjects = Arrays.stream(Subject.values())
                .filter(subject -> all.contains(subject.toString()))
                .toList();
        ResultTable table = new ResultTable(System.out);
        for (Subject subject : subjects.isEmpty() ? List.of(Subject.values()) : subjects) {
            table.head(subject);
            for (int size : sizes.length == 0 ? SIZES : sizes) {
                table.row(subject, size);
            }
            System.out.println();
        }
        System.out.println("Java " + System.getProperty("java.vm.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors; check sum " + table.kept);
    }

    private void head(Subject subject) {
        out.println(subject + ", " + subject.document() + ":\n");
        out.println(
                "| services | text MB | parse MB/s | heap per byte | packet, ends ns | packet, verdict µs"
                        + " | one service µs | open ms | first expansion, 1 core ms | expand, 1 core ms | expand, all cores ms | classes |");
        out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    }

    private void row(Subject subject, int size) {
        Scenes scenes = subject.scenes(ClusterShape.usual(size, 3));
        Document document = scenes.document(subject.document());
        int bytes = document.bytes().length;
        longer = size >= LARGE ? 2 : 1;
        Packet[] packets = scenes.packets(PACKETS);
        Round parse = measure(() -> subject.read(document).hashCode() & 1);
        double heap = heap(subject, document);
        ServiceProxy proxy = scenes.open(subject.provider());
        // What the proxy makes once, at the first question.
        Partition partition = proxy.partition(POD, false).get();
        IpAddress[] addresses = partition.addresses().toJavaArray(IpAddress[]::new);
        Round ends = measure(() -> {
            long sum = 0;
            for (Packet packet : packets) {
                sum += proxy.ends(packet, POD).count();
            }
            return sum;
        });
        Round verdict = measure(() -> {
            long sum = 0;
            for (int i = 0; i < PACKETS / 16; i++) {
                sum += proxy.route(packets[i], POD).branches().size();
            }
            return sum;
        });
        int[] order = new SplittableRandom(3).ints(PACKETS, 0, addresses.length).toArray();
        Round one = measure(() -> {
            long sum = 0;
            for (int i : order) {
                sum += ModeBenchmark.expand(partition, addresses[i]);
            }
            return sum;
        });
        Round first = measureFirst(scenes, subject, addresses);
        Round open =
                measure(() -> proxy.partition(POD, false).get().otherCells().size());
        Round expand = measure(() -> {
            Partition fresh = proxy.partition(POD, false).get();
            long sum = fresh.otherCells().size();
            for (IpAddress address : addresses) {
                sum += ModeBenchmark.expand(fresh, address);
            }
            return sum;
        });
        Round parallel = measure(() -> {
            Partition fresh = proxy.partition(POD, false).get();
            return fresh.otherCells().size()
                    + IntStream.range(0, addresses.length)
                            .parallel()
                            .mapToLong(i -> ModeBenchmark.expand(fresh, addresses[i]))
                            .sum();
        });
        long classes = partition.otherCells().size();
        for (IpAddress address : addresses) {
            classes += partition.cells(address).size();
        }
        out.println("| " + size + " | " + number(bytes / 1e6) + " | " + parse.rate(bytes) + " | " + number(heap) + " | "
                + ends.per(PACKETS, 1)
                + " | " + verdict.per(PACKETS / 16, 1e3) + " | " + one.per(PACKETS, 1e3) + " | " + open.per(1, 1e6)
                + " | " + first.per(1, 1e6) + " | " + expand.per(1, 1e6) + " | " + parallel.per(1, 1e6) + " | "
                + classes + " |");
    }

    /** All classes of rules of which nothing was asked before; they are read anew for each round, which is not measured. */
    private Round measureFirst(Scenes scenes, Subject subject, IpAddress[] addresses) {
        double[] nanos = new double[5];
        for (int round = 0; round < nanos.length; round++) {
            ServiceProxy proxy = scenes.open(subject.provider());
            long start = System.nanoTime();
            Partition fresh = proxy.partition(POD, false).get();
            kept += fresh.otherCells().size();
            for (IpAddress address : addresses) {
                kept += ModeBenchmark.expand(fresh, address);
            }
            nanos[round] = System.nanoTime() - start;
        }
        return new Round(nanos);
    }

    /** Bytes of heap that the rules take for each byte of text; of a short text it takes many copies to tell. */
    private double heap(Subject subject, Document document) {
        int bytes = document.bytes().length;
        Object[] rules = new Object[1 + HEAP_BYTES / bytes];
        long before = used();
        for (int i = 0; i < rules.length; i++) {
            rules[i] = subject.read(document);
        }
        double heap = (double) (used() - before) / bytes / rules.length;
        for (Object read : rules) {
            kept += read.hashCode() & 1;
        }
        return heap;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private Round measure(LongSupplier work) {
        rounds(work, longer * WARM_SECONDS);
        return new Round(rounds(work, longer * SECONDS));
    }

    private double[] rounds(LongSupplier work, double seconds) {
        double[] nanos = new double[100_000];
        int count = 0;
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do {
            long start = System.nanoTime();
            kept += work.getAsLong();
            nanos[count++] = System.nanoTime() - start;
        } while ((System.nanoTime() < end || count < 2) && count < nanos.length);
        return Arrays.copyOf(nanos, count);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
    }

    /** Times of rounds, in nanoseconds. */
    private static final class Round {
        private final double[] sorted;

        Round(double[] nanos) {
            this.sorted = nanos.clone();
            Arrays.sort(sorted);
        }

        private double median() {
            return sorted[sorted.length / 2];
        }

        String per(int count, double unit) {
            return number(sorted[0] / count / unit) + " (" + number(median() / count / unit) + ")";
        }

        String rate(int bytes) {
            return number(bytes * 1e3 / sorted[0]) + " (" + number(bytes * 1e3 / median()) + ")";
        }
    }
}
