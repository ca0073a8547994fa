package dev.podpath.proxy.ipvs;

import dev.podpath.proxy.iptables.eval.Balancer;
import dev.podpath.proxy.ipvs.schedule.Scheduler;
import dev.podpath.proxy.ipvs.schedule.Schedulers;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * IPVS without the reasoning. What a virtual server does with new connections is worked out once; where it depends on the
 * packet, a class gets all it can be, and of a packet it is not told. Safe for use from several threads.
 */
final class BriefBalancer implements Balancer {
    private static final Option<Vector<Choice>> UNTOLD =
            Option.some(Vector.of(Choice.always(new Result.Unknown("it takes the packet", Vector.empty()))));

    private final Captured captured;
    private final VirtualServers servers;
    private final Supplier<IpvsBalancer> whole;
    private final ServedPorts ports;
    private final boolean classes;
    private final AtomicReferenceArray<Option<Vector<Choice>>> known;

    BriefBalancer(
            Captured captured,
            VirtualServers servers,
            Supplier<IpvsBalancer> whole,
            ServedPorts ports,
            boolean classes) {
        this.captured = captured;
        this.servers = servers;
        this.whole = whole;
        this.ports = ports;
        this.classes = classes;
        this.known = new AtomicReferenceArray<>(captured.main().table().services());
    }

    @Override
    public Option<Vector<Choice>> balance(Seen packet) {
        if (!classes && captured.connections().isDefined()) {
            return UNTOLD;
        }
        int service = IpvsBalancer.find(captured.main().table(), packet);
        if (service < 0) {
            return captured.main().table().whole() ? Option.none() : UNTOLD;
        }
        VirtualServer server = servers.get(service);
        boolean one = server.mark().isEmpty() && server.port() != 0 && server.port() == packet.destinationPort();
        if (!one || ServedPorts.isFtp(server.port())) {
            return UNTOLD;
        }
        return ServedPorts.isFtpData(packet.sourcePort()) ? Option.none() : choices(packet, service, server);
    }

    private Option<Vector<Choice>> choices(Seen packet, int service, VirtualServer server) {
        Option<Vector<Choice>> found = known.get(service);
        if (found == null) {
            boolean bound =
                    !classes && server.scheduler().flatMap(Schedulers::named).exists(Scheduler::dependsOnSource);
            found = bound ? UNTOLD : whole.get().balance(packet);
            known.set(service, found);
        }
        return found;
    }

    @Override
    public Option<Vector<Choice>> balance(Seen packet, Alike alike) {
        ports.narrow(packet, alike);
        return balance(packet);
    }
}
