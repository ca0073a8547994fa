package dev.podpath.capture.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Answers as the services do: EC2 and both load balancing services by their query protocols, Route 53 by REST and XML. */
final class FakeAws implements AutoCloseable {
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    /** What was asked for, and what is no action of ours. */
    final List<Action> asked = new CopyOnWriteArrayList<>();

    final List<String> strange = new CopyOnWriteArrayList<>();
    private final Map<Action, Function<Map<String, String>, Answer>> answers = new EnumMap<>(Action.class);
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    record Answer(int status, byte[] body) {
        Answer(int status, String body) {
            this(status, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    FakeAws() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized FakeAws on(Action action, Function<Map<String, String>, Answer> answer) {
        answers.put(action, answer);
        return this;
    }

    /** What is inside the answer's outermost element, or elements. */
    FakeAws on(Action action, String content) {
        return on(action, parameters -> ok(action, content));
    }

    long count(Action action) {
        return asked.stream().filter(action::equals).count();
    }

    static Answer ok(Action action, String content) {
        String name = action.action();
        return new Answer(
                200,
                switch (action.service()) {
                    case EC2 ->
                        "<" + name + "Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
                                + "<requestId>8f7724cf-496f-496e-8fe3-example</requestId>" + content + "</" + name
                                + "Response>";
                    case ROUTE53 ->
                        "<?xml version=\"1.0\"?>\n<" + name
                                + "Response xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">" + content + "</"
                                + name + "Response>";
                    default ->
                        "<" + name + "Response><" + name + "Result>" + content + "</" + name
                                + "Result><ResponseMetadata><RequestId>1549581b-12b7-11e3-895e-1334aEXAMPLE</RequestId>"
                                + "</ResponseMetadata></" + name + "Response>";
                });
    }

    static Answer error(Action action, int status, String code, String message) {
        String error = "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>";
        return new Answer(
                status,
                action.service() == Action.Service.EC2
                        ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors>" + error
                                + "</Errors><RequestID>x</RequestID></Response>"
                        : "<ErrorResponse>" + error + "<RequestId>x</RequestId></ErrorResponse>");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        Map<String, String> parameters = new TreeMap<>();
        String query = exchange.getRequestURI().getRawQuery();
        for (String pair : (query == null ? body : query).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        parameters.put("path", path);
        String version = parameters.getOrDefault("Version", "2013-04-01");
        String name =
                path.startsWith("/2013-04-01/") && exchange.getRequestMethod().equals("GET")
                        ? names(path)
                        : parameters.getOrDefault("Action", path);
        Action action = Arrays.stream(Action.values())
                .filter(candidate -> candidate.action().equals(name)
                        && version(candidate.service()).equals(version))
                .findFirst()
                .orElse(null);
        Answer answer;
        if (action == null) {
            strange.add(exchange.getRequestMethod() + " " + path + " " + name);
            answer = new Answer(400, "<ErrorResponse><Error><Code>InvalidAction</Code></Error></ErrorResponse>");
        } else {
            asked.add(action);
            Function<Map<String, String>, Answer> told;
            synchronized (this) {
                told = answers.get(action);
            }
            answer = told == null ? ok(action, "") : told.apply(parameters);
        }
        exchange.getResponseHeaders().set("Content-Type", "text/xml");
        exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.close();
    }

    private static String names(String path) {
        if (path.endsWith("/rrset")) {
            return "ListResourceRecordSets";
        }
        if (path.contains("/healthcheck")) {
            return path.endsWith("/status") ? "GetHealthCheckStatus" : "ListHealthChecks";
        }
        return path.equals("/2013-04-01/hostedzone") ? "ListHostedZones" : "GetHostedZone";
    }

    private static String version(Action.Service service) {
        return switch (service) {
            case ROUTE53 -> "2013-04-01";
            case ELBV2 -> "2015-12-01";
            case ELB -> "2012-06-01";
            case EC2 -> "2016-11-15";
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
