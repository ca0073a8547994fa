package dev.podpath.core.proxy;

import dev.podpath.core.packet.Arrival;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The {@link LikeCells} of each way in, made when they are asked for. Safe for use from several threads. */
public final class LikeWays {
    /** Ways in beyond these are not remembered: a name of an interface is part of one. */
    private static final int MOST = 64;

    private final Function<Arrival, LikeCells> make;
    private final Map<Arrival, LikeCells> known = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param make makes those of a way in
     */
    public LikeWays(Function<Arrival, LikeCells> make) {
        this.make = make;
    }

    /** Those of a way in. */
    public LikeCells of(Arrival arrival) {
        LikeCells found = known.get(arrival);
        if (found != null) {
            return found;
        }
        return known.size() < MOST ? known.computeIfAbsent(arrival, make) : make.apply(arrival);
    }
}
