package dev.podpath.aws.elb;

import dev.podpath.aws.document.Arn;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.control.Option;

/**
 * A target group (ELBv2 API {@code TargetGroup}).
 *
 * @param json the target group in its document
 */
record TargetGroup(Json json) {
    Arn arn() {
        return new Arn(json.textOr("", "TargetGroupArn"));
    }

    String name() {
        return json.text("TargetGroupName").getOrElse(() -> arn().path());
    }

    /** {@code instance}, {@code ip}, {@code lambda} or {@code alb}. */
    String type() {
        return json.textOr("", "TargetType");
    }

    String protocol() {
        return json.textOr("", "Protocol");
    }

    Option<Integer> port() {
        return json.integer("Port");
    }

    Option<String> vpc() {
        return json.text("VpcId");
    }

    /** Whether connections to its targets carry TLS. */
    boolean usesTls() {
        return protocol().equals("HTTPS") || protocol().equals("TLS");
    }

    Evidence evidence() {
        return json.evidence("TargetGroupName", "TargetType", "Protocol", "Port");
    }
}
