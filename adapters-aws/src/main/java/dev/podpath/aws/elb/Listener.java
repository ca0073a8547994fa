package dev.podpath.aws.elb;

import dev.podpath.aws.document.Arn;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;

/**
 * A listener (ELBv2 API {@code Listener}).
 *
 * @param json the listener in its document
 */
record Listener(Json json) {
    Arn arn() {
        return new Arn(json.textOr("", "ListenerArn"));
    }

    Option<Integer> port() {
        return json.integer("Port");
    }

    String protocol() {
        return json.textOr("", "Protocol");
    }

    /** Whether it takes connections of this transport protocol. */
    boolean takes(Protocol transport) {
        return switch (protocol()) {
            case "HTTP", "HTTPS", "TCP", "TLS" -> transport == Protocol.TCP;
            case "UDP", "QUIC" -> transport == Protocol.UDP;
            case "TCP_UDP", "TCP_QUIC" -> transport == Protocol.TCP || transport == Protocol.UDP;
            default -> false;
        };
    }

    /** Whether it ends TLS itself. */
    boolean endsTls() {
        return protocol().equals("HTTPS") || protocol().equals("TLS");
    }

    Evidence evidence() {
        return json.evidence("Port", "Protocol", "DefaultActions");
    }

    /** For people. */
    String title() {
        return protocol() + " listener on port " + port().map(String::valueOf).getOrElse("?");
    }
}
