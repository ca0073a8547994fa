package dev.podpath.aliyun.slb;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * A server of a server group.
 *
 * @param server id of an instance or a network interface
 * @param ip its address, where the group names it
 * @param port its port; empty where the listener names it
 * @param weight 0 to 100; the documented default is 100
 * @param type {@code ecs}, {@code eni} or {@code eci}
 * @param vpc its VPC, where the group names it
 * @param json where it is
 */
record Backend(
        String server,
        Option<IpAddress> ip,
        Option<Integer> port,
        int weight,
        String type,
        Option<String> vpc,
        Json json) {

    static Backend of(Json json) {
        return new Backend(
                json.textOr("", "ServerId"),
                json.text("ServerIp").flatMap(IpAddress::parse),
                json.integer("Port").filter(port -> port > 0 && port <= 65535),
                json.integer("Weight").getOrElse(100),
                json.text("Type")
                        .filter(type -> !type.isBlank())
                        .getOrElse("ecs")
                        .toLowerCase(Locale.ROOT),
                json.text("VpcId").filter(vpc -> !vpc.isBlank()),
                json);
    }

    boolean isInstance() {
        return type.equals("ecs");
    }

    /** Standby server of a group with one active and one standby server. */
    boolean isStandby() {
        return json.text("ServerType").exists("Slave"::equalsIgnoreCase);
    }

    Evidence evidence() {
        return json.evidence("ServerId", "ServerIp", "Port", "Weight", "Type", "ServerType");
    }

    /** {@code i-bp1 port 80}. */
    String label() {
        String who = server.isEmpty() ? ip.map(IpAddress::toString).getOrElse("server") : server;
        return who + port.map(p -> " port " + p).getOrElse("");
    }
}
