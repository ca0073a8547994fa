package dev.podpath.capture.aliyun;

import com.aliyun.credentials.provider.CLIProfileCredentialsProvider;
import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Patience;
import io.vavr.collection.Map;
import io.vavr.control.Either;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * The account, as the vendor's generic client shows it. Credentials are found as the command line finds them (environment,
 * profile file, instance role, OIDC role) and are seen by that client alone.
 */
final class Account {
    private final CaptureScope scope;
    private final com.aliyun.credentials.Client credentials;
    private final Patience patience;
    private final BooleanSupplier cancelled;
    private final ConcurrentHashMap<String, Client> clients = new ConcurrentHashMap<>();

    private Account(
            CaptureScope scope,
            com.aliyun.credentials.Client credentials,
            Patience patience,
            BooleanSupplier cancelled) {
        this.scope = scope;
        this.credentials = credentials;
        this.patience = patience;
        this.cancelled = cancelled;
    }

    /** Finds credentials; they are not tried. */
    static Either<Failure, Account> open(CaptureScope scope, BooleanSupplier cancelled) {
        try {
            com.aliyun.credentials.Client found = scope.profile().isEmpty()
                    ? new com.aliyun.credentials.Client()
                    : new com.aliyun.credentials.Client(CLIProfileCredentialsProvider.builder()
                            .profileName(scope.profile().get())
                            .build());
            return Either.right(new Account(scope, found, Patience.of(scope.patience()), cancelled));
        } catch (RuntimeException e) {
            return Either.left(Failure.of(e));
        }
    }

    /** Asks for one page, again where that may help. */
    Either<Failure, JsonNode> page(Call call, Map<String, String> parameters) {
        Either<Failure, JsonNode> answer = Either.left(new Failure(Failure.Kind.PASSING, "the capture was stopped"));
        for (int attempt = 0; attempt < patience.attempts() && !cancelled.getAsBoolean(); attempt++) {
            answer = once(call, parameters);
            boolean again = answer.isLeft()
                    && answer.getLeft().kind() == Failure.Kind.PASSING
                    && attempt + 1 < patience.attempts();
            if (!again || !patience.rest(attempt, Duration.ZERO, cancelled)) {
                return answer;
            }
        }
        return answer;
    }

    private Either<Failure, JsonNode> once(Call call, Map<String, String> parameters) {
        Action action = call.action();
        Params params = new Params()
                .setAction(action.action())
                .setVersion(action.product().version())
                .setMethod("POST")
                .setAuthType("AK")
                .setStyle("RPC")
                .setPathname("/")
                .setReqBodyType("formData")
                .setBodyType("string");
        int wait = Math.toIntExact(Math.min(patience.answer().toMillis(), 600_000));
        RuntimeOptions options = new RuntimeOptions()
                .setAutoretry(false)
                .setConnectTimeout(Math.min(wait, 10_000))
                .setReadTimeout(wait);
        try {
            URI url = URI.create(action.product().url(scope, call.region()));
            params.setProtocol(url.getScheme());
            OpenApiRequest request = new OpenApiRequest()
                    .setQuery((action.product().global() ? parameters : parameters.put("RegionId", call.region()))
                            .toJavaMap());
            Object body =
                    client(url, call.region()).callApi(params, request, options).get("body");
            JsonNode answer = Layout.read(String.valueOf(body));
            return answer.isObject()
                    ? Either.right(answer)
                    : Either.left(new Failure(Failure.Kind.PASSING, "the answer is no JSON object"));
        } catch (JsonProcessingException e) {
            return Either.left(new Failure(Failure.Kind.PASSING, "the answer is no JSON: " + e.getOriginalMessage()));
        } catch (TeaException e) {
            return Either.left(Failure.of(e));
        } catch (Exception e) {
            // The client declares them all: connections, bodies that are no JSON, credentials.
            return Either.left(Failure.of(e));
        }
    }

    private Client client(URI url, String region) throws Exception {
        String key = url + " " + region;
        Client known = clients.get(key);
        if (known != null) {
            return known;
        }
        Config config = new Config()
                .setCredential(credentials)
                .setEndpoint(url.getRawAuthority())
                .setProtocol(url.getScheme())
                .setRegionId(region)
                .setUserAgent("podpath");
        Client made = new Client(config);
        clients.put(key, made);
        return made;
    }
}
