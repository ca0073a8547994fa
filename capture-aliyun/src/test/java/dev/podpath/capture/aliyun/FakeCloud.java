package dev.podpath.capture.aliyun;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A cloud that answers as it is told; what it is not told about is an empty list. */
final class FakeCloud implements AutoCloseable {
    static final String SECRET = "secret-that-nobody-may-see";

    /** One answer. */
    record Answer(int status, String body) {}

    /** Answers one request. */
    interface Handler {
        Answer answer(Map<String, String> parameters) throws InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<Action, Handler> handlers = new ConcurrentHashMap<>();
    final Queue<Action> asked = new ConcurrentLinkedQueue<>();
    final Queue<String> strange = new ConcurrentLinkedQueue<>();

    FakeCloud() throws IOException {
        System.setProperty("alibabacloud.accessKeyId", "id-of-the-test");
        System.setProperty("alibabacloud.accessKeySecret", SECRET);
        System.setProperty("alibabacloud.accessKeyIdSecret", SECRET);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    FakeCloud on(Action action, Handler handler) {
        handlers.put(action, handler);
        return this;
    }

    FakeCloud on(Action action, String body) {
        return on(action, parameters -> new Answer(200, body));
    }

    long count(Action action) {
        return asked.stream().filter(one -> one == action).count();
    }

    static Answer error(int status, String code, String message) {
        return new Answer(
                status,
                "{\"RequestId\":\"r\",\"HostId\":\"h\",\"Code\":\"" + code + "\",\"Message\":\"" + message + "\"}");
    }

    static String empty(Action action) {
        StringBuilder body = new StringBuilder("{\"RequestId\":\"r\",\"TotalCount\":0");
        String tail = "";
        for (int i = 0; i < action.container().size(); i++) {
            body.append(i == 0 ? "," : "{")
                    .append('"')
                    .append(action.container().get(i))
                    .append("\":");
            tail = i == 0 ? "}" : "}" + tail;
        }
        return body + (action.container().isEmpty() ? "}" : "[]" + tail);
    }

    private static @Nullable Action action(String version, String name) {
        for (Action action : Action.values()) {
            if (action.action().equals(name) && action.product().version().equals(version)) {
                return action;
            }
        }
        return null;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String name = String.valueOf(exchange.getRequestHeaders().getFirst("x-acs-action"));
        String version = String.valueOf(exchange.getRequestHeaders().getFirst("x-acs-version"));
        Action action = action(version, name);
        Answer answer;
        if (action == null) {
            strange.add(version + " " + name);
            answer = error(404, "InvalidAction.NotFound", name);
        } else {
            asked.add(action);
            Handler handler = handlers.get(action);
            try {
                answer = handler == null
                        ? new Answer(200, empty(action))
                        : handler.answer(parameters(exchange.getRequestURI().getRawQuery()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                answer = error(503, "ServiceUnavailable", "interrupted");
            }
        }
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new TreeMap<>();
        for (String pair : (query == null ? "" : query).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
