package dev.podpath.capture.aws;

import dev.podpath.ports.snapshot.NotCaptured;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Why an action gave no answer.
 *
 * @param kind what kind of cause
 * @param why one line for people, without anything secret
 */
record Failure(Kind kind, String why) {
    private static final int LONGEST = 240;

    /** Kinds of causes. */
    enum Kind {
        /** The account may not do that. */
        DENIED,
        /** Nothing of the kind exists, any longer. */
        ABSENT,
        /** Nobody, or nobody known, asks: no other request will fare better. */
        STRANGER,
        /** It is not answered, however often it is asked for. */
        UNANSWERED
    }

    /** What an exception of the client library means. */
    static Failure of(RuntimeException thrown) {
        if (thrown instanceof AwsServiceException answer) {
            @Nullable AwsErrorDetails details = answer.awsErrorDetails();
            return of(
                    answer.statusCode(),
                    details == null ? "" : text(details.errorCode()),
                    details == null ? "" : text(details.errorMessage()));
        }
        String message = text(thrown.getMessage());
        boolean nobody = thrown instanceof SdkClientException
                && (message.contains("Unable to load credentials")
                        || message.contains("credentials from any of the providers")
                        || message.contains("Profile file contained no credentials")
                        || message.contains("Profile ") && message.contains("credentials"));
        return nobody
                ? new Failure(Kind.STRANGER, "no credentials: " + line(withoutProviders(message)))
                : new Failure(
                        Kind.UNANSWERED,
                        line(message.isEmpty() ? thrown.getClass().getSimpleName() : message));
    }

    /** What an answer that is no success means, by its status and the code in its body. */
    static Failure of(int status, String code, String message) {
        String lower = code.toLowerCase(Locale.ROOT);
        boolean stranger = lower.startsWith("signature")
                || lower.startsWith("incompletesignature")
                || lower.startsWith("invalidsignature")
                || lower.startsWith("authfailure")
                || lower.startsWith("invalidclienttokenid")
                || lower.startsWith("invalidaccesskeyid")
                || lower.startsWith("unrecognizedclient")
                || lower.startsWith("missingauthenticationtoken")
                || lower.startsWith("expiredtoken")
                || lower.startsWith("requestexpired")
                || lower.startsWith("optinrequired");
        // The message of a wrong signature quotes what was signed.
        String why = line("HTTP " + status + " " + code
                + (stranger || message.isEmpty() ? "" : ": " + message.replaceAll("Encoded authorization.*", "")));
        if (stranger || status == 401) {
            return new Failure(Kind.STRANGER, why);
        }
        if (lower.startsWith("accessdenied") || lower.startsWith("unauthorized") || status == 403) {
            return new Failure(Kind.DENIED, why);
        }
        if (status == 404 || lower.endsWith("notfound") || lower.startsWith("nosuch")) {
            return new Failure(Kind.ABSENT, why);
        }
        return new Failure(Kind.UNANSWERED, why);
    }

    /** What the manifest says about it. */
    NotCaptured gap(String document, Action action) {
        return switch (kind) {
            case DENIED -> NotCaptured.denied(document, action.permission(), why);
            case ABSENT -> NotCaptured.absent(document, why);
            default -> NotCaptured.failed(document, why);
        };
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** The library lists every provider of its chain, and what each lacked, in its own terms. */
    private static String withoutProviders(String text) {
        return text.contains("any of the providers in the chain")
                ? "none in the environment, the profile files, a web identity, the container or the instance"
                : text;
    }

    private static String line(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
