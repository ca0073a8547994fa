package dev.podpath.core.location;

import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Target;
import io.vavr.collection.Vector;

/**
 * A place where a branch ends at once, such as the rejected part of what a rule splits. The tracer turns it into a
 * final hop by itself.
 *
 * @param kind what kind of thing ends it
 * @param title one line for people
 * @param disposition how it ends
 * @param target what it ends at
 * @param decisions why
 */
public record Ending(HopKind kind, String title, Disposition disposition, Target target, Vector<Decision> decisions)
        implements Location {
    @Override
    public String label() {
        return title;
    }
}
