package dev.podpath.ports;

import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.verify.VerifyFindings;
import dev.podpath.ports.node.NodeFindings;
import dev.podpath.ports.plugin.Plugins;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.ports.snapshot.Snapshots;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;

/**
 * The entry to Podpath for other programs.
 *
 * <pre>{@code
 * Podpath podpath = Podpath.create();
 * Analysis analysis = podpath.open("example:ack-article").get();
 * TraceRequest request = TraceRequest.parse("http://app1.qas.abc.com/", Source.parse("203.0.113.99").get()).get();
 * Trace trace = analysis.trace(request).get();
 * trace.outcomes().forEach(System.out::println);
 * }</pre>
 */
@Singleton
public final class Podpath {
    private final Plugins plugins;
    private final AnalysisComponent.Factory analyses;

    @Inject
    Podpath(Plugins plugins, AnalysisComponent.Factory analyses) {
        this.plugins = plugins;
        this.analyses = analyses;
    }

    /** With the plugins that are installed. */
    public static Podpath create() {
        return with(Plugins.installed());
    }

    /** With exactly these plugins. */
    public static Podpath with(Plugins plugins) {
        return DaggerPodpathComponent.factory().create(plugins).podpath();
    }

    /** The plugins in use, and what is wrong with others. */
    public Plugins plugins() {
        return plugins;
    }

    /**
     * Opens a snapshot; its documents are read when something is asked that they are needed for.
     *
     * @param where a directory, a {@code .zip} or {@code .tar.gz}, or {@code example:NAME}
     * @return what can be asked of it, or why it cannot be opened at all; documents that cannot be read are in {@link
     *     Analysis#problems()}
     */
    public Either<DocumentProblem, Analysis> open(String where) {
        return Snapshots.open(where).map(this::analyse);
    }

    /** Reads a snapshot that is already there. */
    public Analysis analyse(Snapshot snapshot) {
        return analyses.create(snapshot, Earlier.NOTHING).analysis();
    }

    /** What a finding's code means. */
    public Option<FindingCode> explain(String code) {
        String wanted = code.toUpperCase(Locale.ROOT);
        return findings().find(finding -> finding.code().equals(wanted));
    }

    /** Every kind of finding a plugin or the verifier can make, sorted by code, each once. */
    public Vector<FindingCode> findings() {
        return VerifyFindings.all()
                .appendAll(NodeFindings.all())
                .appendAll(plugins.findings())
                .distinctBy(FindingCode::code)
                .sortBy(FindingCode::code);
    }
}
