package dev.podpath.aws.document;

import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;

/**
 * One captured output.
 *
 * @param operation which operation gave it
 * @param region the directory it is in: a region's name, or {@code global}
 * @param key what the file's name says about the subject; empty where there is nothing between operation and {@code
 *     .json}
 * @param body the output
 */
public record Response(Operation operation, String region, String key, Json body) {
    /** The elements of the output's array. */
    public Vector<Json> items() {
        return body.items(operation.field());
    }

    /** Whether the output says that there is more which was not captured. */
    public boolean isTruncated() {
        return body.at("NextToken").isPresent() || body.at("NextMarker").isPresent() || body.isTrue("IsTruncated");
    }

    /**
     * Whether the file's key names this resource: by its name, its ARN with other separators, or the last segments of
     * the ARN.
     */
    boolean isAbout(Arn arn) {
        Option<String> subject =
                body.text("TargetGroupArn").orElse(body.text("LoadBalancerArn")).orElse(body.text("ListenerArn"));
        if (subject.isDefined()) {
            return subject.get().equals(arn.text());
        }
        String wanted = plain(key);
        return !wanted.isEmpty() && arn.names().exists(name -> plain(name).equals(wanted));
    }

    static String plain(String name) {
        StringBuilder out = new StringBuilder(name.length());
        String lower = name.toLowerCase(Locale.ROOT);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            out.append(letter ? c : '-');
        }
        return out.toString();
    }
}
