package dev.podpath.it.ipvslab;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.proxy.ipvs.schedule.Choice;
import dev.podpath.proxy.ipvs.schedule.Flow;
import dev.podpath.proxy.ipvs.schedule.LocalityLeastConnection;
import dev.podpath.proxy.ipvs.schedule.LocalityReplication;
import dev.podpath.proxy.ipvs.schedule.MaglevHashing;
import dev.podpath.proxy.ipvs.schedule.RoundRobin;
import dev.podpath.proxy.ipvs.schedule.Scheduler;
import dev.podpath.proxy.ipvs.schedule.SchedulerOptions;
import dev.podpath.proxy.ipvs.schedule.Schedulers;
import dev.podpath.proxy.ipvs.schedule.ServerList;
import dev.podpath.proxy.ipvs.schedule.WeightedRoundRobin;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A virtual server whose scheduler is stepped as connections come and servers change. */
final class ServiceModel {
    final String scheduler;
    final SchedulerOptions options;
    final boolean persistent;
    final int netmask;
    final boolean onePacket;
    final List<RealServerModel> servers = new ArrayList<>();
    private final Map<IpAddress, RealServerModel> templates = new HashMap<>();
    private final Map<IpAddress, List<RealServerModel>> remembered = new HashMap<>();
    private int pointer = RoundRobin.HEAD;
    private WeightedRoundRobin.Mark mark;

    ServiceModel(String scheduler, SchedulerOptions options, boolean persistent, int netmask, boolean onePacket) {
        this.scheduler = scheduler;
        this.options = options;
        this.persistent = persistent;
        this.netmask = netmask;
        this.onePacket = onePacket;
        this.mark = new WeightedRoundRobin().begin(list());
    }

    void add(AddressPort address, int weight, int upper, int lower) {
        RealServerModel server = new RealServerModel(address);
        server.update(weight, upper, lower, true);
        servers.add(0, server);
        pointer = RoundRobin.afterAdd(pointer);
        mark = new WeightedRoundRobin().changed(mark, list());
    }

    void edit(AddressPort address, int weight, int upper, int lower) {
        find(address).update(weight, upper, lower, false);
        mark = new WeightedRoundRobin().changed(mark, list());
    }

    void delete(AddressPort address) {
        RealServerModel server = find(address);
        int at = servers.indexOf(server);
        servers.remove(at);
        server.present = false;
        pointer = RoundRobin.afterDelete(pointer, at);
        mark = new WeightedRoundRobin().changed(mark, list());
        templates.values().removeIf(server::equals);
    }

    private RealServerModel find(AddressPort address) {
        return servers.stream()
                .filter(server -> server.address.equals(address))
                .findFirst()
                .orElseThrow();
    }

    /** The servers in the kernel's order, or in the order of a sorted listing, which hides it. */
    ServerList list() {
        return list(servers, true);
    }

    static ServerList list(List<RealServerModel> servers, boolean ordered) {
        ServerList.Builder builder = ServerList.builder(servers.size()).ordered(ordered);
        servers.forEach(server -> server.describe(builder));
        return builder.build();
    }

    /** What a listing in this order tells of the next choice. */
    Choice predict(Flow flow, List<RealServerModel> listed, boolean ordered) {
        Scheduler one = Schedulers.named(scheduler).get();
        return Schedulers.choose(one, list(listed, ordered), flow, options);
    }

    /**
     * The server that keeps a client, where there is one (ip_vs_sched_persist, expire_quiescent_template=1). A template that
     * is found with a server without weight is void from then on, also where nobody takes its place (ip_vs_check_template).
     */
    RealServerModel template(IpAddress client) {
        IpAddress known = masked(client);
        RealServerModel kept = templates.get(known);
        if (kept != null && !(kept.present && kept.weight > 0)) {
            templates.remove(known);
            return NONE;
        }
        return kept == null ? NONE : kept;
    }

    void keep(IpAddress client, RealServerModel server) {
        templates.put(masked(client), server);
    }

    private IpAddress masked(IpAddress client) {
        return client.isV6() ? client : IpAddress.v4(client.v4Bits() & netmask);
    }

    /** Stands for no server. */
    static final RealServerModel NONE =
            new RealServerModel(AddressPort.parse("0.0.0.0:0").get());

    /** Gives a new connection a server, as the kernel does. */
    RealServerModel schedule(Flow flow) {
        ServerList list = list();
        int chosen = servers.isEmpty() ? Choice.NOBODY : step(list, flow);
        return chosen < 0 ? NONE : servers.get(chosen);
    }

    private int step(ServerList list, Flow flow) {
        return switch (scheduler) {
            case "rr" -> {
                int next = new RoundRobin().next(list, pointer);
                pointer = next < 0 ? pointer : next;
                yield next;
            }
            case "wrr" -> {
                WeightedRoundRobin.Turn turn = new WeightedRoundRobin().next(list, mark);
                mark = turn.mark();
                yield turn.server();
            }
            case "mh" ->
                new MaglevHashing()
                        .next(
                                list,
                                servers.stream()
                                        .mapToInt(server -> server.lastWeight)
                                        .toArray(),
                                flow,
                                options);
            case "lblc" -> {
                List<RealServerModel> one = remembered.computeIfAbsent(flow.destination(), key -> new ArrayList<>());
                int at = new LocalityLeastConnection()
                        .next(list, one.isEmpty() ? Choice.NOBODY : servers.indexOf(one.get(0)));
                one.clear();
                if (at >= 0) {
                    one.add(servers.get(at));
                }
                yield at;
            }
            case "lblcr" -> {
                List<RealServerModel> set = remembered.computeIfAbsent(flow.destination(), key -> new ArrayList<>());
                int taken =
                        new LocalityReplication().next(list, Vector.ofAll(set).map(servers::indexOf));
                if (taken >= 0 && !set.contains(servers.get(taken))) {
                    set.add(0, servers.get(taken));
                }
                yield taken;
            }
            default -> exact(list, flow);
        };
    }

    /** The schedulers without a memory of their own. */
    private int exact(ServerList list, Flow flow) {
        Choice choice = Schedulers.choose(Schedulers.named(scheduler).get(), list, flow, options);
        if (choice.certainty() != Choice.Certainty.EXACT) {
            throw new AssertionError(scheduler + " should be exact: " + choice);
        }
        return choice.candidates().head().server();
    }
}
