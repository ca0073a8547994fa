package dev.podpath.proxy.ipvs.schedule;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.BitSet;

/** The schedulers of the kernel by name. */
public final class Schedulers {
    private static final Map<String, Scheduler> ALL = Vector.<Scheduler>of(
                    new RoundRobin(),
                    new WeightedRoundRobin(),
                    new LeastConnection(),
                    new WeightedLeastConnection(),
                    new ShortestExpectedDelay(),
                    new NeverQueue(),
                    new WeightedFailover(),
                    new WeightedOverflow(),
                    new SourceHashing(),
                    new DestinationHashing(),
                    new MaglevHashing(),
                    new LocalityLeastConnection(),
                    new LocalityReplication())
            .foldLeft(HashMap.empty(), (known, scheduler) -> known.put(scheduler.name(), scheduler));

    private Schedulers() {}

    /** The scheduler of this name; empty where the kernel has none. */
    public static Option<Scheduler> named(String name) {
        return ALL.get(name);
    }

    /** Every name. */
    public static Vector<String> names() {
        return ALL.keySet().toVector().sorted();
    }

    /** What can be told of the choice of a scheduler, also where servers or their weights are not known. */
    public static Choice choose(Scheduler scheduler, ServerList servers, Flow flow, SchedulerOptions flags) {
        return choose(scheduler, servers, flow, flags, false);
    }

    /** The same of every packet to the flow's destination, whatever its source. */
    public static Choice chooseForAll(Scheduler scheduler, ServerList servers, Flow flow, SchedulerOptions flags) {
        return choose(scheduler, servers, flow, flags, true);
    }

    private static Choice choose(
            Scheduler scheduler, ServerList servers, Flow flow, SchedulerOptions flags, boolean forAll) {
        if (servers.size() == 0) {
            return Choice.nobody("the virtual server has no real server");
        }
        if (!servers.weightsKnown()) {
            BitSet all = new BitSet();
            all.set(0, servers.size() + 1);
            return Choice.oneOf(
                    all, servers.size(), "the weights of the real servers are not known", Vector.of(Need.WEIGHTS));
        }
        return forAll ? scheduler.chooseForAll(servers, flow, flags) : scheduler.choose(servers, flow, flags);
    }
}
