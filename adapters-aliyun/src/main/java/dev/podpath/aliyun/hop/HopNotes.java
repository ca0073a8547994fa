package dev.podpath.aliyun.hop;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Ending;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Target;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what one call of a resolver decides, and makes the hop of it. Not shared, not kept. */
public final class HopNotes {
    private final Location location;
    private final HopKind kind;
    private final String title;
    private final List<Decision> decisions = new ArrayList<>();
    private final Set<Finding> findings = new LinkedHashSet<>();
    private final Set<String> assumptions = new LinkedHashSet<>();
    private final Set<String> limits = new LinkedHashSet<>();

    /** Starts the hop at a location. */
    public HopNotes(Location location, HopKind kind, String title) {
        this.location = location;
        this.kind = kind;
        this.title = title;
    }

    /** The line for people. */
    public String title() {
        return title;
    }

    /** Notes a decision. */
    public void note(Decision decision) {
        decisions.add(decision);
    }

    /** Notes a diagnosis. */
    public void find(Finding finding) {
        findings.add(finding);
    }

    /** Notes what the result takes for granted. */
    public void assume(String assumption) {
        assumptions.add(assumption);
    }

    /** Notes what is not modelled. */
    public void limit(String limit) {
        limits.add(limit);
    }

    /** The path ends here. */
    public Resolution ends(Disposition disposition, Decision why) {
        return ends(disposition, why, Target.builder().build());
    }

    /** The path ends here, at this target. */
    public Resolution ends(Disposition disposition, Decision why, Target target) {
        note(why);
        return Resolution.of(builder().ends(disposition, target).build());
    }

    /** It cannot be told how the path goes on. */
    public Resolution unknown(Decision why) {
        return ends(Disposition.UNKNOWN, why);
    }

    /** The path goes on; where the only way ends at once, it ends here. */
    public Resolution goes(Vector<Branch> branches) {
        if (branches.size() == 1
                && branches.head().to() instanceof Ending ending
                && ending.kind().equals(kind)) {
            decisions.addAll(ending.decisions().asJava());
            return Resolution.of(
                    builder().ends(ending.disposition(), ending.target()).build());
        }
        return Resolution.of(builder().branches(branches).build());
    }

    private Hop.Builder builder() {
        Hop.Builder builder = Hop.at(location, kind, title);
        builder.decisions(Vector.ofAll(decisions))
                .findings(Vector.ofAll(findings))
                .assumptions(Vector.ofAll(assumptions))
                .limits(Vector.ofAll(limits));
        return builder;
    }
}
