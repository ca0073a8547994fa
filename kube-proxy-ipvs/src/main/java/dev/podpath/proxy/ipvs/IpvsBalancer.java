package dev.podpath.proxy.ipvs;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.ports.node.NodeState;
import dev.podpath.proxy.iptables.eval.Balancer;
import dev.podpath.proxy.ipvs.parse.IpvsText;
import dev.podpath.proxy.ipvs.schedule.Choice.Candidate;
import dev.podpath.proxy.ipvs.schedule.Flow;
import dev.podpath.proxy.ipvs.schedule.Need;
import dev.podpath.proxy.ipvs.schedule.Scheduler;
import dev.podpath.proxy.ipvs.schedule.Schedulers;
import dev.podpath.proxy.ipvs.table.ConnectionTable;
import dev.podpath.proxy.ipvs.table.Forwarding;
import dev.podpath.proxy.ipvs.table.IpvsTable;
import dev.podpath.proxy.ipvs.table.ServiceKind;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * IPVS inside the node's stack, asked about one packet (net/netfilter/ipvs/ip_vs_core.c, {@code ip_vs_in_hook}). It keeps
 * the reasoning for the verdict.
 */
final class IpvsBalancer implements Balancer {
    private static final int FTP = 21;
    private static final int FTP_DATA = 20;
    private static final int FIRST_UNPRIVILEGED = 1024;

    private final NodeState node;
    private final Captured captured;
    private final VirtualServers servers;
    private final Sysctl sysctl;
    private final Option<ServedPorts> classes;
    private final boolean brief;
    private final Explanation explanation;
    private final Set<Decision> decisions = new LinkedHashSet<>();
    private final Set<String> assumptions = new LinkedHashSet<>();
    private Option<Integer> affinitySeconds = Option.none();

    private IpvsBalancer(
            NodeState node,
            Captured captured,
            VirtualServers servers,
            Sysctl sysctl,
            Option<ServedPorts> classes,
            boolean brief) {
        this.node = node;
        this.captured = captured;
        this.servers = servers;
        this.sysctl = sysctl;
        this.classes = classes;
        this.brief = brief;
        this.explanation = new Explanation(node);
    }

    /** Answers for one packet. */
    static IpvsBalancer ofPacket(NodeState node, Captured captured, VirtualServers servers, Sysctl sysctl) {
        return new IpvsBalancer(node, captured, servers, sysctl, Option.none(), false);
    }

    /** Answers with the choices alone, for one packet or for classes of them. */
    static IpvsBalancer brief(
            NodeState node, Captured captured, VirtualServers servers, Sysctl sysctl, Option<ServedPorts> classes) {
        return new IpvsBalancer(node, captured, servers, sysctl, classes, true);
    }

    /** Answers for classes of packets, whose ports these cut. */
    static IpvsBalancer ofClasses(
            NodeState node, Captured captured, VirtualServers servers, Sysctl sysctl, ServedPorts classes) {
        return new IpvsBalancer(node, captured, servers, sysctl, Option.some(classes), false);
    }

    /** The reasoning so far. */
    Vector<Decision> decisions() {
        return Vector.ofAll(decisions);
    }

    /** What was taken for granted so far. */
    Vector<String> assumptions() {
        return Vector.ofAll(assumptions);
    }

    /** For how long a client stays at its server; empty where it does not, or the document does not tell in seconds. */
    Option<Integer> affinitySeconds() {
        return affinitySeconds;
    }

    @Override
    public Option<Vector<Choice>> balance(Seen packet) {
        Option<Vector<Choice>> known = connection(packet);
        if (known.isDefined()) {
            return known;
        }
        int service = find(captured.main().table(), packet);
        if (service < 0) {
            return unserved();
        }
        VirtualServer server = servers.get(service);
        return schedule(packet, server);
    }

    @Override
    public Option<Vector<Choice>> balance(Seen packet, Alike alike) {
        classes.forEach(ports -> ports.narrow(packet, alike));
        return balance(packet);
    }

    /** The virtual server of a packet, or -1 (net/netfilter/ipvs/ip_vs_ctl.c, {@code ip_vs_service_find}). */
    static int find(IpvsTable table, Seen packet) {
        boolean v6 = packet.destination().isV6();
        ServiceKind kind = ServiceKind.of(packet.protocol());
        int found = packet.mark() == 0 ? -1 : table.findMark(packet.mark(), v6);
        if (found < 0) {
            found = table.find(kind, packet.destination(), packet.destinationPort());
        }
        boolean ftpData = packet.protocol() == Protocol.TCP
                && (packet.destinationPort() == FTP_DATA || packet.destinationPort() >= FIRST_UNPRIVILEGED);
        if (found < 0 && ftpData) {
            found = table.find(kind, packet.destination(), FTP);
        }
        return found < 0 ? table.find(kind, packet.destination(), 0) : found;
    }

    private Option<Vector<Choice>> unserved() {
        IpvsText.Servers main = captured.main();
        if (!main.table().whole()) {
            return only(new Result.Unknown(
                    "whether there is a virtual server for the packet is not known: lines of "
                            + main.document().path() + " cannot be read",
                    Vector.of(Captured.listing(node))));
        }
        decisions.add(Decision.notFound(
                "IPVS has no virtual server for the packet's protocol, address and port",
                main.document().whole()));
        return Option.none();
    }

    private Option<Vector<Choice>> schedule(Seen packet, VirtualServer server) {
        if (!brief) {
            introduce(server);
        }
        if (server.isDamaged()) {
            return only(new Result.Unknown(
                    "virtual server " + server.name() + " cannot be read as a whole: see the problems of "
                            + captured.main().document().path(),
                    Vector.of(Captured.listing(node))));
        }
        if (packet.sourcePort() == FTP_DATA) {
            decisions.add(Decision.skipped(
                    "IPVS gives no connection from source port 20 (ftp-data) a server", server.evidence()));
            return Option.none();
        }
        if (classes.isDefined() && (server.mark().isDefined() || server.port() == 0 || server.port() == FTP)) {
            return only(new Result.Unknown(
                    "virtual server " + server.name() + " takes more than one port, and its classes are not worked out",
                    Vector.empty()));
        }
        boolean otherPort = server.mark().isEmpty() && packet.destinationPort() != server.port();
        if (otherPort && server.port() == FTP && !server.isPersistent()) {
            decisions.add(Decision.skipped(
                    "the packet's port is not that of virtual server " + server.name()
                            + ", and only a persistent one takes others",
                    server.evidence()));
            return Option.none();
        }
        if (otherPort && !server.isPersistent()) {
            return refused(packet, server, "a virtual server of every port must be persistent");
        }
        return server.isPersistent() ? persistent(packet, server) : fresh(packet, server, Vector.empty());
    }

    private void introduce(VirtualServer server) {
        decisions.add(Decision.found("virtual server " + server.name() + serves(server), server.evidence()));
        server.disagreeing()
                .forEach(text -> decisions.add(Decision.skipped(
                        text.document().path() + " says something else of " + server.name() + " and is not used for it",
                        text.document().whole())));
    }

    private static String serves(VirtualServer server) {
        int servers = server.list().size();
        return (servers == 0
                        ? " without real servers"
                        : " with " + servers + " real server" + (servers == 1 ? "" : "s"))
                + server.scheduler().map(name -> ", scheduler " + name).getOrElse("")
                + (server.isPersistent() ? ", persistent" : "")
                + (server.isOnePacket() ? ", each UDP datagram on its own" : "");
    }

    private Option<Vector<Choice>> fresh(Seen packet, VirtualServer server, Vector<String> conditions) {
        Option<String> name = server.scheduler();
        Option<Scheduler> scheduler = name.flatMap(Schedulers::named);
        if (server.list().size() > 0 && scheduler.isEmpty()) {
            return only(new Result.Unknown(
                    name.isEmpty()
                            ? "the scheduler of virtual server " + server.name() + " is not known"
                            : "scheduler " + name.get() + " of virtual server " + server.name()
                                    + " is none of the kernel's",
                    name.isEmpty() ? Vector.of(Captured.listing(node)) : Vector.empty()));
        }
        if (server.list().size() == 0) {
            return refused(packet, server, "the virtual server has no real server");
        }
        Flow flow = new Flow(packet.source(), packet.sourcePort(), packet.destination());
        dev.podpath.proxy.ipvs.schedule.Choice choice = classes.isEmpty()
                ? Schedulers.choose(scheduler.get(), server.list(), flow, server.options())
                : Schedulers.chooseForAll(scheduler.get(), server.list(), flow, server.options());
        if (!brief) {
            decisions.add(explanation.decision(server, choice));
        }
        Vector<String> all = conditions.appendAll(conditions(scheduler.get(), server, choice));
        return Option.some(choice.candidates().map(candidate -> to(packet, server, choice, candidate, all)));
    }

    private Choice to(
            Seen packet,
            VirtualServer server,
            dev.podpath.proxy.ipvs.schedule.Choice choice,
            Candidate candidate,
            Vector<String> conditions) {
        boolean nobody = candidate.server() < 0;
        return Choice.of(
                nobody ? rejection(packet) : delivery(packet, server, candidate.server()),
                Explanation.share(choice, candidate),
                steps(server, nobody ? Option.none() : Option.some(candidate.server())),
                conditions,
                affinitySeconds.getOrElse(0));
    }

    private static Vector<String> conditions(
            Scheduler scheduler, VirtualServer server, dev.podpath.proxy.ipvs.schedule.Choice choice) {
        if (choice.needs().contains(Need.SOURCE)) {
            return Vector.of("depends on the source");
        }
        if (choice.needs().contains(Need.SOURCE_PORT)) {
            return Vector.of("depends on the source port");
        }
        return scheduler.countsConnections()
                        && server.list().size() > 1
                        && !choice.needs().contains(Need.CONNECTIONS)
                ? Vector.of("the real servers have the connections they had when they were listed")
                : Vector.empty();
    }

    private Option<Vector<Choice>> refused(Seen packet, VirtualServer server, String why) {
        decisions.add(Decision.denied(why + ": IPVS answers that the port is unreachable", server.evidence()));
        return Option.some(Vector.of(Choice.of(
                rejection(packet),
                Share.all(),
                steps(server, Option.none()),
                Vector.empty(),
                affinitySeconds.getOrElse(0))));
    }

    private static Result rejection(Seen packet) {
        return new Result.Reject(packet.destination().isV6() ? "icmp6-port-unreachable" : "icmp-port-unreachable");
    }

    private static Option<Vector<Choice>> only(Result result) {
        return Option.some(Vector.of(Choice.always(result)));
    }

    private Vector<RuleStep> steps(VirtualServer server, Option<Integer> real) {
        if (brief) {
            return Vector.empty();
        }
        Vector<Evidence> lines = Vector.of(server.evidence()).appendAll(real.map(server::evidence));
        return lines.map(line -> new RuleStep("ipvs", server.name(), line));
    }

    /** How the packet reaches a real server, and with which port. */
    private Result delivery(Seen packet, VirtualServer server, int real) {
        int port = server.list().port(real);
        boolean ownPort = port != 0
                && (!server.isPersistent() || server.mark().isEmpty() && packet.destinationPort() == server.port());
        AddressPort to = new AddressPort(server.list().address(real), ownPort ? port : packet.destinationPort());
        Forwarding how = server.forwarding(real);
        if (how == Forwarding.ROUTE || how == Forwarding.TUNNEL || how == Forwarding.LOCAL) {
            decisions.add(Decision.found(
                    "packets reach " + to.address() + " by " + how.label()
                            + ": their destination stays " + packet.destination()
                            + ", and the real server must have that address itself",
                    server.evidence(real)));
            return new Result.Forward(new AddressPort(to.address(), packet.destinationPort()));
        }
        if (how == Forwarding.UNKNOWN) {
            assumptions.add(
                    "real servers are reached by masquerading, as kube-proxy sets it, because no document says");
        }
        Sysctl.Setting conntrack = sysctl.conntrack();
        Sysctl.assumption(node, "conntrack", conntrack).forEach(assumptions::add);
        return new Result.Translate(to, conntrack.isOn());
    }

    /** A client with a template stays at its server (ip_vs_core.c, {@code ip_vs_sched_persist}). */
    private Option<Vector<Choice>> persistent(Seen packet, VirtualServer server) {
        affinitySeconds = server.timeoutSeconds();
        IpAddress client = server.masked(packet.source());
        if (captured.connections().isEmpty()) {
            decisions.add(new Decision(
                    Decision.Action.SKIPPED,
                    "persistence: the client is taken for one without a record; one seen within " + server.timeout()
                            + " goes to the server it had",
                    Vector.of(server.evidence()),
                    Option.none(),
                    Vector.of(new Missing(
                            node.path("ipvsadm-Lnc.txt"),
                            "ipvsadm -Lnc > ipvsadm-Lnc.txt   # on node " + node.name()))));
            return fresh(packet, server, Vector.of("a client without a persistence record at " + server.name()));
        }
        String who = client.equals(packet.source()) ? client.toString() : "clients like " + packet.source();
        IpvsText.Connections connections = captured.connections().get();
        int entry = template(connections.table(), packet, server, client);
        if (entry < 0) {
            decisions.add(Decision.notFound(
                    "persistence: no record of " + who + " at " + server.name(),
                    connections.document().whole()));
            return fresh(packet, server, Vector.empty());
        }
        Evidence line = connections.document().line(connections.table().line(entry));
        AddressPort kept = connections.table().server(entry);
        int real = server.find(kept.address(), kept.port());
        real = real < 0 ? findAddress(server, kept.address()) : real;
        Sysctl.Setting quiescent = sysctl.expireQuiescentTemplate();
        boolean drained = real >= 0 && server.list().weight(real) == 0;
        if (drained) {
            Sysctl.assumption(node, "expire_quiescent_template", quiescent).forEach(assumptions::add);
        }
        if (real < 0 || drained && quiescent.isOn()) {
            decisions.add(Decision.skipped(
                            "persistence: " + who + " was at " + kept + ", which "
                                    + (real < 0 ? "is no real server any more" : "has weight 0"),
                            line)
                    .with(quiescent.evidence().filter(evidence -> drained)));
            return fresh(packet, server, Vector.empty());
        }
        decisions.add(Decision.chose("persistence: " + who + " stays at " + kept, line, server.evidence(real)));
        Vector<RuleStep> steps = steps(server, Option.some(real)).append(new RuleStep("ipvs", "connections", line));
        return Option.some(Vector.of(Choice.of(
                delivery(packet, server, real), Share.all(), steps, Vector.empty(), affinitySeconds.getOrElse(0))));
    }

    private static int template(ConnectionTable table, Seen packet, VirtualServer server, IpAddress client) {
        if (server.mark().isDefined()) {
            IpAddress mark = packet.destination().isV6()
                    ? IpAddress.v6((long) server.mark().get() << 32, 0)
                    : IpAddress.v4(server.mark().get());
            return table.find(ConnectionTable.ANY_PROTOCOL, client, 0, mark, 0);
        }
        int port = packet.destinationPort() == server.port() && server.port() != FTP ? server.port() : 0;
        return table.find(packet.protocol().number(), client, 0, packet.destination(), port);
    }

    private static int findAddress(VirtualServer server, IpAddress address) {
        for (int i = 0; i < server.list().size(); i++) {
            if (server.list().address(i).equals(address)) {
                return i;
            }
        }
        return -1;
    }

    /** A connection with the same addresses and ports that is still there. */
    private Option<Vector<Choice>> connection(Seen packet) {
        if (captured.connections().isEmpty() || packet.sourcePort() == 0) {
            return Option.none();
        }
        IpvsText.Connections connections = captured.connections().get();
        ConnectionTable table = connections.table();
        int entry = table.find(
                packet.protocol().number(),
                packet.source(),
                packet.sourcePort(),
                packet.destination(),
                packet.destinationPort());
        int service = find(captured.main().table(), packet);
        if (entry < 0 || service < 0) {
            return Option.none();
        }
        VirtualServer server = servers.get(service);
        if (server.isOnePacket()) {
            return Option.none();
        }
        Evidence line = connections.document().line(table.line(entry));
        int real =
                server.find(table.server(entry).address(), table.server(entry).port());
        Option<String> moved = moved(packet, server, table, entry, real);
        if (moved.isDefined()) {
            decisions.add(Decision.skipped("the connection that is still listed is not kept: " + moved.get(), line));
            return Option.none();
        }
        decisions.add(Decision.chose(
                "a connection with these addresses and ports is still there (" + table.state(entry) + "): it stays at "
                        + table.server(entry),
                line));
        if (real < 0) {
            decisions.add(Decision.denied("its server is no real server any more, and expire_nodest_conn is 0", line));
            return only(new Result.Drop());
        }
        Vector<RuleStep> steps = steps(server, Option.some(real)).append(new RuleStep("ipvs", "connections", line));
        return Option.some(Vector.of(Choice.of(
                delivery(packet, server, real), Share.all(), steps, Vector.empty(), affinitySeconds.getOrElse(0))));
    }

    /** Why a connection that is still listed does not keep its server; empty where it does. */
    private Option<String> moved(Seen packet, VirtualServer server, ConnectionTable table, int entry, int real) {
        boolean opens = packet.protocol() != Protocol.UDP;
        Sysctl.Setting nodest = sysctl.expireNodestConn();
        boolean drained = real >= 0 && server.list().weight(real) == 0 && opens;
        if (real < 0 || drained) {
            Sysctl.assumption(node, "expire_nodest_conn", nodest).forEach(assumptions::add);
            return nodest.isOn()
                    ? Option.some(real < 0 ? "its server is no real server any more" : "its server has weight 0")
                    : Option.none();
        }
        String state = table.state(entry);
        boolean over = packet.protocol() == Protocol.TCP && state.equals("TIME_WAIT")
                || packet.protocol() == Protocol.SCTP && state.equals("CLOSED");
        if (!opens || !over) {
            return Option.none();
        }
        Sysctl.Setting reuse = sysctl.connReuseMode();
        Sysctl.assumption(node, "conn_reuse_mode", reuse).forEach(assumptions::add);
        return reuse.isOn() ? Option.some("it is over (" + state + ")") : Option.none();
    }
}
