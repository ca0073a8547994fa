package dev.podpath.core.resolve;

import dev.podpath.core.location.Ending;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Outcome;
import dev.podpath.core.trace.Share;
import dev.podpath.core.trace.Target;
import dev.podpath.core.trace.Trace;
import dev.podpath.core.trace.TracedHop;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Walks the path of a request: takes a location, asks the resolvers for it, and follows the branches of the hop they
 * answer with, until every branch ends. It knows no kind of location but {@link Ending}.
 *
 * <p>Always terminates: a location on the walk's own way back is a {@link Disposition#LOOP}, an equal location met on
 * another way is joined, and after a budget of hops the rest is {@link Disposition#UNKNOWN}.
 */
public final class PathTracer {
    /** Hops a trace may have unless told otherwise. */
    public static final int DEFAULT_BUDGET = 2_000;

    private final Vector<HopResolver> resolvers;
    private final int budget;

    /** A tracer that asks these resolvers, in their {@linkplain HopResolver#order() order}. */
    public PathTracer(Iterable<? extends HopResolver> resolvers) {
        this(resolvers, DEFAULT_BUDGET);
    }

    /** A tracer that stops after this many hops. */
    public PathTracer(Iterable<? extends HopResolver> resolvers, int budget) {
        if (budget < 1) {
            throw new IllegalArgumentException("budget " + budget);
        }
        this.resolvers =
                Vector.<HopResolver>ofAll(resolvers).sortBy(HopResolver::id).sortBy(HopResolver::order);
        this.budget = budget;
    }

    /** Follows a request from where it starts. */
    public Trace trace(String request, Location start) {
        return new Walk().run(request, start);
    }

    /** The hop at one location, by the first resolver that takes it. */
    Hop resolve(Location location) {
        if (location instanceof Ending ending) {
            return Hop.at(ending, ending.kind(), ending.title())
                    .decisions(ending.decisions())
                    .ends(ending.disposition(), ending.target())
                    .build();
        }
        Vector<Decision> lookups = Vector.empty();
        for (HopResolver resolver : resolvers) {
            if (!resolver.handles(location)) {
                continue;
            }
            Resolution resolution = resolver.resolve(location);
            if (resolution instanceof Resolution.Resolved resolved) {
                return resolved.hop();
            }
            lookups = lookups.appendAll(((Resolution.Declined) resolution).lookups());
        }
        Decision why = Decision.unknown("nothing that was captured says where " + location.label() + " leads");
        return Hop.at(location, HopKind.END, location.label())
                .decisions(lookups.append(why))
                .unknown()
                .build();
    }

    /** One walk; its state lives no longer. */
    private final class Walk {
        private final Map<Location, Hop> hops = new LinkedHashMap<>();
        private final Map<Location, Vector<Branch>> branches = new HashMap<>();
        private final Set<Location> open = new LinkedHashSet<>();

        Trace run(String request, Location start) {
            Deque<Frame> stack = new ArrayDeque<>();
            enter(start, stack);
            while (!stack.isEmpty()) {
                Frame frame = stack.element();
                if (frame.isDone()) {
                    branches.put(frame.location, Vector.ofAll(frame.done));
                    open.remove(frame.location);
                    stack.pop();
                    continue;
                }
                Branch branch = frame.advance();
                Location to = branch.to();
                if (open.contains(to)) {
                    to = loop(to);
                } else if (!hops.containsKey(to) && hops.size() >= budget) {
                    to = exhausted();
                }
                frame.done.add(new Branch(to, branch.share(), branch.condition()));
                if (!hops.containsKey(to)) {
                    enter(to, stack);
                }
            }
            return assemble(request, start);
        }

        private void enter(Location location, Deque<Frame> stack) {
            Hop hop = resolve(location);
            hops.put(location, hop);
            open.add(location);
            stack.push(new Frame(location, hop.branches()));
        }

        private Ending loop(Location to) {
            String text = "the path comes back to " + to.label();
            return new Ending(
                    HopKind.END,
                    text,
                    Disposition.LOOP,
                    Target.builder().build(),
                    Vector.of(Decision.denied(text + "; it would never end")));
        }

        private Ending exhausted() {
            return new Ending(
                    HopKind.END,
                    "the trace stopped after " + budget + " hops",
                    Disposition.UNKNOWN,
                    Target.builder().build(),
                    Vector.of(
                            Decision.unknown("the trace stopped after " + budget + " hops; the rest was not walked")));
        }

        private Trace assemble(String request, Location start) {
            Map<Location, String> ids = new HashMap<>();
            int number = 0;
            for (Location location : hops.keySet()) {
                ids.put(location, "h" + ++number);
            }
            Map<Location, Share> mass = shares(start);
            List<TracedHop> traced = new ArrayList<>();
            Map<OutcomeKey, Share> ends = new LinkedHashMap<>();
            Set<String> assumptions = new LinkedHashSet<>();
            Set<String> limits = new LinkedHashSet<>();
            for (Map.Entry<Location, Hop> entry : hops.entrySet()) {
                Location location = entry.getKey();
                Hop hop = entry.getValue();
                boolean aside = mass.getOrDefault(location, Share.none()).isNone();
                Vector<Branch> followed = branches.getOrDefault(location, Vector.empty());
                Hop walked = followed.equals(hop.branches()) ? hop : copy(hop, followed);
                traced.add(new TracedHop(
                        ids.getOrDefault(location, "h0"),
                        walked,
                        followed.map(branch -> ids.getOrDefault(branch.to(), "h0")),
                        aside));
                if (!aside) {
                    hop.assumptions().forEach(assumptions::add);
                    hop.limits().forEach(limits::add);
                    hop.disposition()
                            .forEach(disposition -> ends.merge(
                                    new OutcomeKey(
                                            disposition,
                                            hop.target()
                                                    .getOrElse(() ->
                                                            Target.builder().build())),
                                    mass.getOrDefault(location, Share.none()),
                                    Share::or));
                }
            }
            return Trace.builder()
                    .request(request)
                    .hops(Vector.ofAll(traced))
                    .outcomes(Vector.ofAll(ends.entrySet())
                            .map(end -> new Outcome(
                                    end.getKey().disposition(), end.getKey().target(), end.getValue())))
                    .assumptions(Vector.ofAll(assumptions))
                    .limits(Vector.ofAll(limits))
                    .build();
        }

        /** The share of requests that reaches each location, in topological order. */
        private Map<Location, Share> shares(Location start) {
            Map<Location, Share> mass = new HashMap<>();
            mass.put(start, Share.all());
            for (Location location : topological(start)) {
                Share here = mass.getOrDefault(location, Share.none());
                if (here.isNone()) {
                    continue;
                }
                for (Branch branch : branches.getOrDefault(location, Vector.empty())) {
                    mass.merge(branch.to(), here.then(branch.share()), Share::or);
                }
            }
            return mass;
        }

        private List<Location> topological(Location start) {
            List<Location> postorder = new ArrayList<>();
            Set<Location> seen = new LinkedHashSet<>();
            Deque<Frame> stack = new ArrayDeque<>();
            seen.add(start);
            stack.push(new Frame(start, branches.getOrDefault(start, Vector.empty())));
            while (!stack.isEmpty()) {
                Frame frame = stack.element();
                if (frame.isDone()) {
                    postorder.add(frame.location);
                    stack.pop();
                    continue;
                }
                Location to = frame.advance().to();
                if (seen.add(to)) {
                    stack.push(new Frame(to, branches.getOrDefault(to, Vector.empty())));
                }
            }
            Collections.reverse(postorder);
            return postorder;
        }
    }

    /** A hop whose branches are being followed. */
    private static final class Frame {
        final Location location;
        final List<Branch> done = new ArrayList<>();
        private final Vector<Branch> out;
        private int next;

        Frame(Location location, Vector<Branch> out) {
            this.location = location;
            this.out = out;
        }

        boolean isDone() {
            return next == out.size();
        }

        Branch advance() {
            return out.get(next++);
        }
    }

    private record OutcomeKey(Disposition disposition, Target target) {}

    private static Hop copy(Hop hop, Vector<Branch> branches) {
        return Hop.at(hop.location(), hop.kind(), hop.title())
                .decisions(hop.decisions())
                .branches(branches)
                .disposition(hop.disposition())
                .target(hop.target())
                .findings(hop.findings())
                .assumptions(hop.assumptions())
                .limits(hop.limits())
                .build();
    }

    /** The resolvers, in the order they are asked. */
    public Vector<HopResolver> resolvers() {
        return resolvers;
    }

    /** The resolver with this id. */
    public Option<HopResolver> resolver(String id) {
        return resolvers.find(resolver -> resolver.id().equals(id));
    }
}
