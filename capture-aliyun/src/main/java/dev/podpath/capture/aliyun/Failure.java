package dev.podpath.capture.aliyun;

import com.aliyun.tea.TeaException;
import dev.podpath.ports.snapshot.NotCaptured;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
        /** It may well be answered later. */
        PASSING,
        /** It is not answered. */
        REFUSED
    }

    static Failure of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof TeaException answer && answer.getStatusCode() != null) {
                return of(answer.getStatusCode(), text(answer.getCode()), text(answer.getMessage()));
            }
            if (cause instanceof com.aliyun.credentials.exception.CredentialException) {
                return new Failure(Kind.STRANGER, "no credentials: " + line(text(cause.getMessage())));
            }
            if (cause instanceof java.io.IOException) {
                return new Failure(Kind.PASSING, line(cause.getClass().getSimpleName() + ": " + cause.getMessage()));
            }
        }
        return new Failure(Kind.PASSING, line(thrown.getClass().getSimpleName() + ": " + text(thrown.getMessage())));
    }

    /** What an answer that is no success means, by its status and the code in its body. */
    static Failure of(int status, String code, String message) {
        String lower = code.toLowerCase(Locale.ROOT);
        // The message of a wrong signature quotes what was signed.
        boolean signed = lower.startsWith("signature") || lower.startsWith("incompletesignature");
        String why = line("HTTP " + status + " " + code + (signed || message.isEmpty() ? "" : ": " + message));
        if (lower.startsWith("throttling") || lower.contains("flowcontrol") || status == 408 || status == 429) {
            return new Failure(Kind.PASSING, why);
        }
        if (signed
                || lower.startsWith("invalidaccesskeyid")
                || lower.startsWith("invalidsecuritytoken")
                || lower.startsWith("missingsecuritytoken")
                || lower.startsWith("inactiveaccesskey")
                || status == 401) {
            return new Failure(Kind.STRANGER, why);
        }
        if (status == 403 || lower.startsWith("forbidden") || lower.startsWith("nopermission")) {
            return new Failure(Kind.DENIED, why);
        }
        if (status == 404 || lower.endsWith(".notfound") || lower.startsWith("resourcenotfound")) {
            return new Failure(Kind.ABSENT, why);
        }
        boolean busy = status >= 500
                || lower.startsWith("serviceunavailable")
                || lower.startsWith("systembusy")
                || lower.startsWith("internalerror");
        return new Failure(busy ? Kind.PASSING : Kind.REFUSED, why);
    }

    NotCaptured gap(Call call) {
        return switch (kind) {
            case DENIED -> NotCaptured.denied(call.document(), call.action().permission(), why);
            case ABSENT -> NotCaptured.absent(call.document(), why);
            default -> NotCaptured.failed(call.document(), why);
        };
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String line(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
