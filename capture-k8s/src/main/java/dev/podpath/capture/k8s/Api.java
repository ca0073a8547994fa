package dev.podpath.capture.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Patience;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The API server: raw requests with the client library's credentials, proxies and certificates. Bodies are streams, never
 * held whole. What is likely to pass (no answer, 429, 5xx) is asked for again, later each time. Safe for several threads.
 */
final class Api implements AutoCloseable {
    private static final int LONGEST_ERROR = 1 << 16;
    private static final long SLICE = 200;

    private final Config config;
    private final HttpClient http;
    private final String base;
    private final Patience patience;
    private final BooleanSupplier cancelled;
    private final Watchdog watchdog;

    private Api(Config config, HttpClient http, Patience patience, BooleanSupplier cancelled, Watchdog watchdog) {
        this.config = config;
        this.http = http;
        this.watchdog = watchdog;
        String url = config.getMasterUrl();
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.patience = patience;
        this.cancelled = cancelled;
    }

    /** Reads a body; may be called anew when the connection was cut. */
    interface Body<T> {
        T read(InputStream in) throws IOException;
    }

    /** Opens the server that the scope, the kubeconfig or the pod this runs in names; or why there is none. */
    static Either<String, Api> open(CaptureScope scope, Patience patience, BooleanSupplier cancelled) {
        return Kubeconfig.read(scope).flatMap(config -> {
            config.setRequestRetryBackoffLimit(0);
            config.setConnectionTimeout((int)
                    Math.min(patience.answer().toMillis(), Duration.ofMinutes(5).toMillis()));
            try {
                HttpClient http = HttpClientUtils.getHttpClientFactory()
                        .newBuilder(config)
                        .build();
                return Either.right(new Api(config, http, patience, cancelled, new Watchdog()));
            } catch (RuntimeException e) {
                return Either.left("the client for " + config.getMasterUrl() + " cannot be made: " + reason(e));
            }
        });
    }

    /** The same server for what must be done even after the run was cancelled; closed with this one. */
    Api uncancelled() {
        return new Api(config, http, patience, () -> false, watchdog);
    }

    /** The server's address. */
    String server() {
        return base;
    }

    /** The name of the cluster in the kubeconfig. */
    Option<String> cluster() {
        return Option.of(config.getCurrentContext())
                .flatMap(context -> Option.of(context.getContext()))
                .flatMap(context -> Option.of(context.getCluster()));
    }

    /** Whether to stop. */
    boolean cancelled() {
        return cancelled.getAsBoolean();
    }

    Patience patience() {
        return patience;
    }

    /** Gets a small document. */
    Either<ApiFailure, JsonNode> json(String path) {
        return get(path, KubectlJson::parse);
    }

    /** Gets a document of any size. */
    <T> Either<ApiFailure, T> get(String path, Body<T> body) {
        return repeatedly(builder(path), body);
    }

    /** Makes an object. Not repeated: an answer that was lost may have made it. */
    Either<ApiFailure, JsonNode> post(String path, String json) {
        return once(builder(path).post("application/json", json), KubectlJson::parse, new Duration[1]);
    }

    /** Deletes an object, at once. */
    Either<ApiFailure, JsonNode> delete(String path) {
        String options = "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"gracePeriodSeconds\":0}";
        return repeatedly(builder(path).method("DELETE", "application/json", options), KubectlJson::parse);
    }

    /** Runs a command in a container; the caller closes what it gets. */
    Either<ApiFailure, ExecStream> exec(String namespace, String pod, String container, String... command) {
        StringBuilder query = new StringBuilder("stdout=true&stderr=true");
        if (!container.isEmpty()) {
            query.append("&container=").append(encode(container));
        }
        for (String word : command) {
            query.append("&command=").append(encode(word));
        }
        URI uri = URI.create(base + "/api/v1/namespaces/" + namespace + "/pods/" + pod + "/exec?" + query);
        return ExecStream.open(http, uri, patience.answer(), cancelled);
    }

    private HttpRequest.Builder builder(String path) {
        return http.newHttpRequestBuilder().uri(URI.create(base + path)).header("Accept", "application/json");
    }

    private <T> Either<ApiFailure, T> repeatedly(HttpRequest.Builder request, Body<T> body) {
        for (int attempt = 0; ; attempt++) {
            Duration[] asked = {Duration.ZERO};
            Either<ApiFailure, T> answer = once(request, body, asked);
            boolean again = answer.isLeft() && answer.getLeft().passing() && attempt + 1 < patience.attempts();
            if (!again || !patience.rest(attempt, asked[0], cancelled)) {
                return answer;
            }
        }
    }

    private <T> Either<ApiFailure, T> once(HttpRequest.Builder request, Body<T> body, Duration[] asked) {
        CompletableFuture<HttpResponse<InputStream>> sent = http.sendAsync(request.build(), InputStream.class);
        HttpResponse<InputStream> response;
        try {
            response = awaited(sent);
        } catch (TimeoutException e) {
            sent.cancel(true);
            return Either.left(
                    ApiFailure.of(0, "no answer within " + patience.answer().toMillis() / 1000.0 + " s"));
        } catch (ExecutionException e) {
            return Either.left(ApiFailure.of(0, reason(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Either.left(ApiFailure.of(0, "interrupted"));
        }
        try (Watchdog.Guarded in = watchdog.guard(response.body(), patience.answer(), cancelled)) {
            if (response.code() / 100 != 2) {
                asked[0] = retryAfter(response);
                byte[] text = in.readNBytes(LONGEST_ERROR);
                return Either.left(ApiFailure.of(response.code(), statusMessage(text)));
            }
            return Either.right(body.read(in));
        } catch (IOException e) {
            return Either.left(ApiFailure.of(0, "the answer broke off: " + reason(e)));
        }
    }

    private <T> T awaited(CompletableFuture<T> future)
            throws TimeoutException, ExecutionException, InterruptedException {
        long end = System.nanoTime() + patience.answer().toNanos();
        while (true) {
            try {
                return future.get(SLICE, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (System.nanoTime() > end || cancelled()) {
                    throw e;
                }
            }
        }
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        return Option.of(response.header("Retry-After"))
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .getOrElse(Duration.ZERO);
    }

    /** The message of a {@code Status} object, or the text itself. */
    static String statusMessage(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            String message = KubectlJson.parse(new java.io.ByteArrayInputStream(body))
                    .path("message")
                    .asText("");
            return message.isEmpty() ? text : message;
        } catch (IOException e) {
            return text;
        }
    }

    static String encode(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The innermost cause, in one line. */
    static String reason(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }

    @Override
    public void close() {
        watchdog.close();
        http.close();
    }
}
