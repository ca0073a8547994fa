package dev.podpath.aliyun.vpc;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * An SNAT entry (DescribeSnatTableEntries).
 *
 * @param id its id
 * @param exits the public addresses it gives, of which a hash chooses one
 * @param source the private addresses it is for; empty where only the vSwitch is named
 * @param vSwitch the vSwitch it is for; empty where it is for other addresses
 * @param affinity whether a private address always gets the same public one (EipAffinity)
 * @param available whether it is in force
 * @param json where it is
 */
record SnatEntry(
        String id,
        Vector<IpAddress> exits,
        Option<IpPrefix> source,
        Option<String> vSwitch,
        boolean affinity,
        boolean available,
        Json json) {

    static SnatEntry of(Json json) {
        return new SnatEntry(
                json.textOr("", "SnatEntryId"),
                Vector.of(json.textOr("", "SnatIp").split(",")).flatMap(text -> IpAddress.parse(text.strip())),
                json.text("SourceCIDR").flatMap(IpPrefix::parse),
                Vpc.filled(json, "SourceVSwitchId"),
                json.text("EipAffinity").contains("1"),
                json.textOr("Available", "Status").equalsIgnoreCase("Available"),
                json);
    }

    /** The prefix by which it takes a source address in a vSwitch; empty where it does not take it. */
    Option<IpPrefix> matching(IpAddress address, Option<VSwitch> in) {
        if (source.isDefined()) {
            return source.filter(prefix -> prefix.contains(address));
        }
        return in.filter(vs -> vSwitch.contains(vs.id())).map(VSwitch::prefix);
    }

    Evidence evidence() {
        return json.evidence(
                "SnatEntryId", "SnatEntryName", "SourceVSwitchId", "SourceCIDR", "SnatIp", "EipAffinity", "Status");
    }
}
