package dev.podpath.ports;

import dev.podpath.core.location.NodePacket;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.request.TraceRequest;
import dev.podpath.ports.snapshot.Snapshots;
import io.vavr.collection.Vector;
import java.nio.file.Path;
import java.util.function.Function;

/** Says which nodes' state a request needs: those it meets in what was captured until now. */
public final class OnPath implements Function<Path, Vector<String>> {
    private final Podpath podpath;
    private final Vector<TraceRequest> requests;

    /** For these requests. */
    public OnPath(Podpath podpath, Vector<TraceRequest> requests) {
        this.podpath = podpath;
        this.requests = requests;
    }

    /** The nodes on the paths in the snapshot in a directory, also those whose state is there already. */
    @Override
    public Vector<String> apply(Path directory) {
        return Snapshots.open(directory.toString())
                .map(podpath::analyse)
                .toVector()
                .flatMap(analysis ->
                        requests.flatMap(request -> analysis.trace(request).toOption()))
                .flatMap(OnPath::nodes)
                .distinct();
    }

    private static Vector<String> nodes(Trace trace) {
        return trace.hops()
                .map(hop -> hop.hop().location())
                .filter(NodePacket.class::isInstance)
                .map(location -> ((NodePacket) location).node());
    }
}
