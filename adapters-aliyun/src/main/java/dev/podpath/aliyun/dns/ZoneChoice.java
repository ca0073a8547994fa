package dev.podpath.aliyun.dns;

import dev.podpath.core.trace.Decision;
import io.vavr.control.Option;

/**
 * The zone that answers for a name.
 *
 * @param zone the zone; empty where none that was captured does
 * @param weights where weights of its records are looked up; empty for a private zone
 * @param lookup why no zone answers, where there is more to say than that there is none
 * @param unknown why it cannot be told which zone answers
 */
record ZoneChoice(Option<Zone> zone, Option<PublicZones> weights, Option<Decision> lookup, Option<Decision> unknown) {
    static ZoneChoice of(Zone zone, Option<PublicZones> weights) {
        return new ZoneChoice(Option.some(zone), weights, Option.none(), Option.none());
    }

    static ZoneChoice none(Option<Decision> lookup) {
        return new ZoneChoice(Option.none(), Option.none(), lookup, Option.none());
    }

    static ZoneChoice unknown(Decision why) {
        return new ZoneChoice(Option.none(), Option.none(), Option.none(), Option.some(why));
    }
}
