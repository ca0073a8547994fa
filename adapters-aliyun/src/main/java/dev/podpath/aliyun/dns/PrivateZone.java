package dev.podpath.aliyun.dns;

import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * A zone of PrivateZone, which answers inside the VPCs it is bound to.
 *
 * @param id its id
 * @param zone its records
 * @param vpcs the VPCs it is bound to; empty where that was not captured
 * @param recordPattern whether names it lacks are asked for in the public DNS (ProxyPattern RECORD) rather than denied
 *     (ZONE)
 * @param evidence where it is
 */
record PrivateZone(String id, Zone zone, Option<Vector<String>> vpcs, boolean recordPattern, Evidence evidence) {

    /** Whether it is known to be bound to the VPC, or not known not to be. */
    boolean mayServe(String vpc) {
        return vpcs.forAll(bound -> bound.contains(vpc));
    }
}
