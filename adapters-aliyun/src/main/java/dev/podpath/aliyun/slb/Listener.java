package dev.podpath.aliyun.slb;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * A listener, from its own attribute document or from the list of listeners, which holds part of the fields one level
 * deeper.
 *
 * @param loadBalancer id of the load balancer
 * @param port 1 to 65535
 * @param kind its protocol
 * @param json where it is
 */
record Listener(String loadBalancer, int port, Kind kind, Json json) {
    /** Protocols of listeners. */
    enum Kind {
        TCP,
        UDP,
        HTTP,
        HTTPS;

        static Option<Kind> of(String text) {
            return Vector.of(values()).find(kind -> kind.name().equalsIgnoreCase(text));
        }

        Protocol transport() {
            return this == UDP ? Protocol.UDP : Protocol.TCP;
        }

        /** Whether it ends the client's connection and makes another. */
        boolean isProxy() {
            return this == HTTP || this == HTTPS;
        }

        String lower() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    String status() {
        return text("Status").getOrElse("");
    }

    boolean isRunning() {
        return status().equalsIgnoreCase("running");
    }

    boolean isOn(String field) {
        return text(field).exists(value -> value.equalsIgnoreCase("on") || value.equalsIgnoreCase("true"));
    }

    String scheduler() {
        return text("Scheduler").getOrElse("").toLowerCase(Locale.ROOT);
    }

    /** A scalar field, with text in it. */
    Option<String> text(String field) {
        return json.text(field).orElse(() -> json.text(config(), field)).filter(text -> !text.isBlank());
    }

    Option<Integer> integer(String field) {
        return json.integer(field).orElse(() -> json.integer(config(), field));
    }

    /** Ids of its access control lists: the plural field in either form, else the singular. */
    Vector<String> accessLists() {
        Vector<String> many = json.texts("AclIds", "AclId").appendAll(json.texts("AclIds"));
        return (many.isEmpty() ? text("AclId").toVector().flatMap(id -> Vector.of(id.split(","))) : many)
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .distinct();
    }

    Evidence evidence(String... fields) {
        return json.evidence(fields);
    }

    private String config() {
        return kind.name() + "ListenerConfig";
    }

    @Override
    public String toString() {
        return kind.lower() + " listener " + port;
    }
}
