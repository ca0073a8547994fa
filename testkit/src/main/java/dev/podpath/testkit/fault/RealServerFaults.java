package dev.podpath.testkit.fault;

import static dev.podpath.testkit.fault.IpvsFault.TABLE;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.fault.IpvsFault.Documents;
import dev.podpath.testkit.fault.SavedServers.Real;
import dev.podpath.testkit.fault.SavedServers.Server;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Faults of the real servers behind a virtual server. */
final class RealServerFaults {
    private static final String WEIGHT = " -w 1";
    private static final String DRAINED = " -w 0";

    private RealServerFaults() {}

    static Vector<Fault> all() {
        return Vector.of(
                new IpvsFault(
                        "stale-real-server",
                        "a pod has gone, but the virtual server still sends to its address because the sync was missed",
                        RealServerFaults::stale),
                new IpvsFault(
                        "missing-real-server",
                        "an endpoint has become ready, but the virtual server does not know it yet",
                        RealServerFaults::missing),
                new IpvsFault(
                        "foreign-real-server",
                        "a virtual server sends to the endpoint of another service",
                        RealServerFaults::foreign),
                new IpvsFault(
                        "wrong-real-server-port",
                        "the endpoint's port changed, and the real server still has another one",
                        RealServerFaults::wrongPort),
                new IpvsFault(
                        "drained-ready-server",
                        "a real server was given weight 0 when its pod was not ready, and never its weight again",
                        RealServerFaults::drained),
                new IpvsFault(
                        "all-servers-drained",
                        "every real server has weight 0, so that new connections are refused",
                        RealServerFaults::allDrained),
                new IpvsFault(
                        "half-applied-sync",
                        "the virtual server was made, and its real servers were not",
                        RealServerFaults::halfApplied));
    }

    private static DocumentEdit edit(
            Documents documents,
            Scene scene,
            Server server,
            int line,
            String what,
            Set<FindingCode> codes,
            String text) {
        return new DocumentEdit(
                TABLE, line, what, documents.servers().owner(server, scene), Option.none(), codes, () -> text);
    }

    private static String line(Documents documents, Real real) {
        return documents.servers().lines().get(real.line());
    }

    private static Vector<DocumentEdit> replaced(Documents documents, Scene scene, Replacement replacement) {
        return documents
                .servers()
                .servers()
                .flatMap(server -> server.reals()
                        .flatMap(real -> replacement.of(server, real).map(then -> {
                            String now = line(documents, real);
                            return edit(
                                    documents,
                                    scene,
                                    server,
                                    real.line(),
                                    server.name() + " sends to " + then + " instead of " + real.address(),
                                    Misplaced.codes(documents.servers().owner(server, scene), then, scene),
                                    documents
                                            .servers()
                                            .with(
                                                    real.line(),
                                                    now.replace(" -r " + real.address() + " ", " -r " + then + " ")));
                        })));
    }

    /** Which address a real server gets instead of its own. */
    @FunctionalInterface
    private interface Replacement {
        Option<AddressPort> of(Server server, Real real);
    }

    private static Vector<DocumentEdit> stale(Documents documents, Scene scene) {
        return replaced(
                documents,
                scene,
                (server, real) -> Option.some(new AddressPort(
                        unused(real.address().address(), scene), real.address().port())));
    }

    /** An address near this one that no pod has. */
    static IpAddress unused(IpAddress near, Scene scene) {
        IpAddress candidate = near;
        do {
            candidate = candidate.isV6()
                    ? IpAddress.v6(candidate.high(), candidate.low() + 1)
                    : IpAddress.v4(candidate.v4Bits() + 1);
        } while (!scene.cluster().podsAt(candidate).isEmpty());
        return candidate;
    }

    private static Vector<DocumentEdit> wrongPort(Documents documents, Scene scene) {
        return replaced(
                documents,
                scene,
                (server, real) -> Option.some(
                        new AddressPort(real.address().address(), real.address().port() % 65535 + 1)));
    }

    private static Vector<DocumentEdit> foreign(Documents documents, Scene scene) {
        Vector<Server> all = documents.servers().servers();
        return replaced(documents, scene, (server, real) -> {
            Vector<AddressPort> own = server.reals().map(Real::address);
            return all.filter(other -> !documents
                            .servers()
                            .owner(other, scene)
                            .equals(documents.servers().owner(server, scene)))
                    .flatMap(Server::reals)
                    .map(Real::address)
                    .find(other -> !own.contains(other)
                            && other.address().isV6()
                                    == real.address().address().isV6());
        });
    }

    private static Vector<DocumentEdit> missing(Documents documents, Scene scene) {
        return crowded(documents, 2)
                .flatMap(server -> server.reals()
                        .map(real -> edit(
                                documents,
                                scene,
                                server,
                                real.line(),
                                server.name() + " no longer has " + real.address(),
                                HashSet.of(VerifyFindings.MISSING_ENDPOINT),
                                documents.servers().without(Vector.of(real.line())))));
    }

    private static Vector<DocumentEdit> drained(Documents documents, Scene scene) {
        return crowded(documents, 2)
                .flatMap(server -> server.reals()
                        .map(real -> edit(
                                documents,
                                scene,
                                server,
                                real.line(),
                                "real server " + real.address() + " of " + server.name() + " has weight 0",
                                HashSet.of(VerifyFindings.MISSING_ENDPOINT),
                                documents
                                        .servers()
                                        .with(real.line(), line(documents, real).replace(WEIGHT, DRAINED)))));
    }

    private static Vector<DocumentEdit> allDrained(Documents documents, Scene scene) {
        return crowded(documents, 1).map(server -> {
            Vector<Integer> own = server.reals().map(Real::line);
            Vector<String> lines = documents
                    .servers()
                    .lines()
                    .zipWithIndex()
                    .map(line -> own.contains(line._2) ? line._1.replace(WEIGHT, DRAINED) : line._1);
            return edit(
                    documents,
                    scene,
                    server,
                    server.line(),
                    "every real server of " + server.name() + " has weight 0",
                    HashSet.of(VerifyFindings.REFUSED),
                    lines.mkString("", "\n", "\n"));
        });
    }

    private static Vector<DocumentEdit> halfApplied(Documents documents, Scene scene) {
        return crowded(documents, 1)
                .map(server -> edit(
                        documents,
                        scene,
                        server,
                        server.line(),
                        server.name() + " has no real servers",
                        HashSet.of(VerifyFindings.REFUSED),
                        documents.servers().without(server.reals().map(Real::line))));
    }

    private static Vector<Server> crowded(Documents documents, int atLeast) {
        return documents.servers().servers().filter(server -> server.reals().size() >= atLeast);
    }
}
