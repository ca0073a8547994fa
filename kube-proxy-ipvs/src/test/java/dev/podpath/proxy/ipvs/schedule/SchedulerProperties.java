package dev.podpath.proxy.ipvs.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.IpAddress;
import dev.podpath.proxy.ipvs.schedule.Choice.Certainty;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Laws of the schedulers. */
class SchedulerProperties {
    private static final IpAddress VIP = IpAddress.of("10.96.0.10");

    /** A real server. */
    record One(int weight, int active, int inactive) {}

    private static Arbitrary<One> ones(int most) {
        return Combinators.combine(
                        Arbitraries.integers().between(0, most),
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.integers().between(0, 6))
                .as(One::new);
    }

    @Provide
    Arbitrary<List<One>> servers() {
        return ones(7).list().ofMinSize(1).ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> schedulers() {
        return Arbitraries.of(Schedulers.names().asJava());
    }

    @Provide
    Arbitrary<SchedulerOptions> options() {
        return Combinators.combine(
                        Arbitraries.of(true, false), Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as(SchedulerOptions::new);
    }

    private static ServerList list(List<One> servers, boolean ordered) {
        ServerList.Builder list = ServerList.builder(servers.size()).ordered(ordered);
        for (int i = 0; i < servers.size(); i++) {
            list.server(IpAddress.v4(0x0AF4_0001 + i), 8080, servers.get(i).weight())
                    .connections(servers.get(i).active(), servers.get(i).inactive());
        }
        return list.build();
    }

    private static Flow flow(int source, int port) {
        return new Flow(IpAddress.v4(source), port, VIP);
    }

    private static long sum(List<One> servers) {
        return servers.stream().mapToLong(One::weight).sum();
    }

    @Property(tries = 500)
    void overOneCycleWrrGivesEveryServerItsPartWhereverItStands(
            @ForAll("servers") List<One> servers, @ForAll @IntRange(max = 60) int before) {
        ServerList list = list(servers, true);
        WeightedRoundRobin wrr = new WeightedRoundRobin();
        WeightedRoundRobin.Mark mark = wrr.begin(list);
        for (int i = 0; i < before; i++) {
            mark = wrr.next(list, mark).mark();
        }
        long cycle = sum(servers) / WeightedRoundRobin.divisor(list);
        long[] turns = new long[servers.size()];
        for (long i = 0; i < cycle; i++) {
            WeightedRoundRobin.Turn turn = wrr.next(list, mark);
            turns[turn.server()]++;
            mark = turn.mark();
        }
        for (int i = 0; i < turns.length; i++) {
            assertThat(turns[i] * sum(servers)).isEqualTo(servers.get(i).weight() * cycle);
        }
    }

    @Property(tries = 300)
    void afterAnyChangeWrrStillGivesEveryServerItsPart(
            @ForAll("servers") List<One> before,
            @ForAll("servers") List<One> after,
            @ForAll @IntRange(max = 9) int steps) {
        WeightedRoundRobin wrr = new WeightedRoundRobin();
        WeightedRoundRobin.Mark mark = wrr.begin(list(before, true));
        for (int i = 0; i < steps; i++) {
            mark = wrr.next(list(before, true), mark).mark();
        }
        ServerList list = list(after, true);
        mark = wrr.changed(mark, list);
        long cycle = sum(after) / WeightedRoundRobin.divisor(list);
        long[] turns = new long[after.size()];
        // The first cycle may begin in the middle.
        for (long i = 0; i < 2 * cycle; i++) {
            WeightedRoundRobin.Turn turn = wrr.next(list, mark);
            mark = turn.mark();
            if (i >= cycle) {
                turns[turn.server()]++;
            }
        }
        for (int i = 0; i < turns.length; i++) {
            assertThat(turns[i] * sum(after)).isEqualTo(after.get(i).weight() * cycle);
        }
    }

    @Property(tries = 300)
    void rrGivesEveryServerOfSomeWeightOneTurnACycle(
            @ForAll("servers") List<One> servers, @ForAll @IntRange(min = -1, max = 5) int start) {
        ServerList list = list(servers, true);
        int eligible = list.eligibleCount();
        int pointer = Math.min(start, servers.size() - 1);
        boolean[] seen = new boolean[servers.size()];
        for (int i = 0; i < eligible; i++) {
            pointer = new RoundRobin().next(list, pointer);
            assertThat(seen[pointer]).isFalse();
            seen[pointer] = true;
        }
        for (int i = 0; i < seen.length; i++) {
            assertThat(seen[i]).isEqualTo(servers.get(i).weight() > 0);
        }
    }

    @Property(tries = 1500)
    void noServerOfWeightZeroIsEverChosen(
            @ForAll("servers") List<One> servers,
            @ForAll("schedulers") String name,
            @ForAll("options") SchedulerOptions options,
            @ForAll boolean ordered,
            @ForAll int source,
            @ForAll @IntRange(min = 1, max = 65535) int port) {
        Choice choice =
                Schedulers.choose(Schedulers.named(name).get(), list(servers, ordered), flow(source, port), options);
        assertThat(choice.candidates()).isNotEmpty();
        choice.candidates().forEach(candidate -> {
            if (candidate.server() >= 0) {
                assertThat(servers.get(candidate.server()).weight()).isPositive();
            }
        });
        if (sum(servers) == 0) {
            assertThat(choice.certainty()).isEqualTo(Certainty.EXACT);
            assertThat(choice.candidates().head().server()).isEqualTo(Choice.NOBODY);
        }
    }

    @Property(tries = 1000)
    void wherAServerTakesConnectionsEveryPacketGetsOne(
            @ForAll("servers") List<One> servers, @ForAll("schedulers") String name, @ForAll int source) {
        List<One> weighted = servers.stream()
                .map(one -> new One(one.weight() + 1, one.active(), one.inactive()))
                .toList();
        Choice choice = Schedulers.choose(
                Schedulers.named(name).get(), list(weighted, true), flow(source, 40_000), SchedulerOptions.NONE);
        boolean full = name.equals("ovf") && weighted.stream().allMatch(one -> one.active() > one.weight());
        assertThat(choice.candidates().exists(candidate -> candidate.server() == Choice.NOBODY))
                .isEqualTo(full);
    }

    @Property(tries = 600)
    void whatASortedListingTellsHoldsInEveryOrder(
            @ForAll("servers") List<One> servers,
            @ForAll("schedulers") String name,
            @ForAll("options") SchedulerOptions options,
            @ForAll int source,
            @ForAll @IntRange(min = 1, max = 65535) int port,
            @ForAll int shuffle) {
        Scheduler scheduler = Schedulers.named(name).get();
        ServerList sorted = list(servers, false);
        int[] order = new int[servers.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = (i + Math.floorMod(shuffle, order.length)) % order.length;
        }
        if (shuffle < 0) {
            for (int a = 0, b = order.length - 1; a < b; a++, b--) {
                int kept = order[a];
                order[a] = order[b];
                order[b] = kept;
            }
        }
        Choice open = Schedulers.choose(scheduler, sorted, flow(source, port), options);
        Choice known = Schedulers.choose(scheduler, sorted.reordered(order), flow(source, port), options);
        known.candidates()
                .forEach(candidate -> assertThat(open.candidates()
                                .exists(other ->
                                        other.server() == (candidate.server() < 0 ? -1 : order[candidate.server()])))
                        .as(name + " " + known + " of " + open + " by " + Arrays.toString(order))
                        .isTrue());
    }

    @Property(tries = 500)
    void aSourceKeepsItsServerWhereItIsHashed(
            @ForAll("servers") List<One> servers,
            @ForAll int source,
            @ForAll @IntRange(min = 1, max = 65535) int one,
            @ForAll @IntRange(min = 1, max = 65535) int other) {
        ServerList list = list(servers, true);
        for (Hashed hashed : List.of(new SourceHashing(), new MaglevHashing(), new DestinationHashing())) {
            assertThat(hashed.next(list, flow(source, one), SchedulerOptions.NONE))
                    .isEqualTo(hashed.next(list, flow(source, other), SchedulerOptions.NONE));
        }
    }

    @Property(tries = 300)
    void connectionsDoNotMoveASourceThatIsHashed(
            @ForAll("servers") List<One> servers,
            @ForAll("options") SchedulerOptions options,
            @ForAll @IntRange(max = 1000) int more,
            @ForAll int source) {
        List<One> busier = servers.stream()
                .map(one -> new One(one.weight(), one.active() + more, one.inactive() + 2 * more))
                .toList();
        for (String name : List.of("sh", "mh", "dh")) {
            Scheduler scheduler = Schedulers.named(name).get();
            assertThat(Schedulers.choose(scheduler, list(busier, true), flow(source, 40_000), options))
                    .isEqualTo(Schedulers.choose(scheduler, list(servers, true), flow(source, 40_000), options));
        }
    }

    @Property(tries = 60)
    void theClassOfAllSourcesHoldsTheServersThatSourcesGetAndNoOther(
            @ForAll("servers") List<One> servers, @ForAll boolean fallback, @ForAll boolean port) {
        SchedulerOptions options = new SchedulerOptions(fallback, port, false);
        // A server of weight 0 may still have the places in Maglev's table that it had before.
        List<One> weighted = servers.stream()
                .map(one -> new One(one.weight() + 1, one.active(), one.inactive()))
                .toList();
        for (Hashed hashed : List.of(new SourceHashing(), new MaglevHashing())) {
            ServerList list = list(hashed.name().equals("sh") ? servers : weighted, true);
            Set<Integer> met = new TreeSet<>();
            for (int source = 0; source < 1500; source++) {
                met.add(hashed.next(list, flow(source * 0x9E37_79B9, 1024 + source), options));
            }
            Choice all = Schedulers.chooseForAll(hashed, list, flow(1, 40_000), options);
            assertThat(new TreeSet<>(
                            all.candidates().map(Choice.Candidate::server).toJavaList()))
                    .as("%s of %s", hashed.name(), servers)
                    .isEqualTo(met);
            if (all.candidates().size() > 1) {
                assertThat(all.certainty()).isEqualTo(Certainty.ONE_OF);
                assertThat(all.needs()).contains(Need.SOURCE);
            }
        }
    }

    @Property(tries = 100)
    void mostSourcesKeepTheirServerWhenMaglevLosesAnother(@ForAll @IntRange(min = 3, max = 8) int size) {
        List<One> servers = Arrays.asList(new One[size]);
        servers.replaceAll(any -> new One(1, 0, 0));
        ServerList all = list(servers, true);
        ServerList fewer = list(servers.subList(0, size - 1), true);
        int kept = 0;
        int of = 0;
        for (int source = 0; source < 2000; source++) {
            int before = new MaglevHashing().next(all, flow(source * 7919, 1), SchedulerOptions.NONE);
            if (before < size - 1 && source % 10 == 0) {
                of++;
                kept += before == new MaglevHashing().next(fewer, flow(source * 7919, 1), SchedulerOptions.NONE)
                        ? 1
                        : 0;
            }
        }
        assertThat(kept).isGreaterThan(of * 3 / 4);
    }
}
