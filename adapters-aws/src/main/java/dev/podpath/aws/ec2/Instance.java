package dev.podpath.aws.ec2;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * An instance (EC2 API {@code Instance}).
 *
 * @param json the instance in its document
 */
public record Instance(Json json) {
    /** {@code InstanceId}. */
    public String id() {
        return json.textOr("(without id)", "InstanceId");
    }

    /** The primary private address, which load balancers use for targets registered by instance id. */
    public Option<IpAddress> privateAddress() {
        return json.text("PrivateIpAddress").flatMap(IpAddress::parse);
    }

    /** Its zone. */
    public Option<String> zone() {
        return json.text("Placement", "AvailabilityZone");
    }

    /** {@code State.Name}. */
    public Option<String> state() {
        return json.text("State", "Name");
    }

    /** Its interfaces, as the instance's own document has them. */
    Vector<NetworkInterface> interfaces() {
        return json.items("NetworkInterfaces").map(item -> new NetworkInterface(item, Option.some(this)));
    }

    /** The instance as evidence. */
    public Evidence evidence() {
        return json.evidence("InstanceId", "PrivateIpAddress", "State", "Placement");
    }
}
