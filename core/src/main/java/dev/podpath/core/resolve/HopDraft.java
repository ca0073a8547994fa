package dev.podpath.core.resolve;

import dev.podpath.core.finding.Finding;
import dev.podpath.core.location.Ending;
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

/** A hop in the making: what a resolver notes while it decides. Used within one call of a resolver only. */
public final class HopDraft {
    private final Location location;
    private final HopKind kind;
    private final String title;
    private final List<Decision> decisions = new ArrayList<>();
    private final Set<Finding> findings = new LinkedHashSet<>();
    private final Set<String> assumptions = new LinkedHashSet<>();
    private final Set<String> limits = new LinkedHashSet<>();
    private final List<Branch> asides = new ArrayList<>();

    /** A hop at a location. */
    public HopDraft(Location location, HopKind kind, String title) {
        this.location = location;
        this.kind = kind;
        this.title = title;
    }

    /** Notes a decision. */
    public HopDraft add(Decision decision) {
        decisions.add(decision);
        return this;
    }

    /** Notes a diagnosis. */
    public HopDraft add(Finding finding) {
        findings.add(finding);
        return this;
    }

    /** Notes what is taken for granted. */
    public HopDraft assume(String assumption) {
        assumptions.add(assumption);
        return this;
    }

    /** Notes what is not modelled. */
    public HopDraft limit(String limit) {
        limits.add(limit);
        return this;
    }

    /** Shows a way that no request of this trace takes. */
    public HopDraft aside(String whoTakesIt, Location to) {
        asides.add(Branch.aside(whoTakesIt, to));
        return this;
    }

    /** The line for people. */
    public String title() {
        return title;
    }

    /** The path ends here, for this reason. */
    public Resolution ends(Disposition disposition, Decision why) {
        return add(why).ends(disposition);
    }

    /** The path ends here at this, for this reason. */
    public Resolution ends(Disposition disposition, Decision why, Target target) {
        return add(why).ends(disposition, target);
    }

    /** It cannot be told how the path goes on. */
    public Resolution unknown(Decision why) {
        return ends(Disposition.UNKNOWN, why);
    }

    /** The path ends here. */
    public Resolution ends(Disposition disposition) {
        return Resolution.of(
                builder().branches(Vector.ofAll(asides)).ends(disposition).build());
    }

    /** The path ends here, at this. */
    public Resolution ends(Disposition disposition, Target target) {
        return Resolution.of(builder()
                .branches(Vector.ofAll(asides))
                .ends(disposition, target)
                .build());
    }

    /** The path goes on; a single way that ends at once, in the same kind of thing, is the end of this hop itself. */
    public Resolution goes(Vector<Branch> branches) {
        if (branches.size() == 1
                && branches.head().to() instanceof Ending ending
                && ending.kind().equals(kind)
                && branches.head().condition().isEmpty()) {
            ending.decisions().forEach(this::add);
            return ends(ending.disposition(), ending.target());
        }
        return Resolution.of(builder().branches(branches.appendAll(asides)).build());
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
