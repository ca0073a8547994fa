package dev.podpath.it.live;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A local server that answers with the content of an example, in the protocol of the example's cloud. */
abstract class ExampleCloud implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<String> throttled = ConcurrentHashMap.newKeySet();
    private volatile String denied = "";
    private volatile boolean throttling;

    /** What is sent back. */
    record Reply(int status, String body) {}

    ExampleCloud() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Where the documents of an example are. */
    static Path example(String name) {
        return Path.of(System.getProperty("podpath.root", ".."))
                .resolve("cli/src/main/resources/examples")
                .resolve(name);
    }

    final String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Denies this action. */
    final ExampleCloud denying(String action) {
        denied = action;
        return this;
    }

    /** Sends the first request of each action away. */
    final ExampleCloud throttling() {
        throttling = true;
        return this;
    }

    final int throttled() {
        return throttled.size();
    }

    abstract String action(HttpExchange exchange, Map<String, String> parameters);

    abstract Reply reply(String action, String path, Map<String, String> parameters)
            throws IOException, ReflectiveOperationException;

    abstract Reply denial(Map<String, String> parameters);

    abstract Reply throttle(Map<String, String> parameters);

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String query = exchange.getRequestURI().getRawQuery();
        Map<String, String> parameters = new TreeMap<>();
        for (String pair : ((query == null ? "" : query) + "&" + body).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        String action = action(exchange, parameters);
        Reply reply;
        try {
            reply = action.equals(denied)
                    ? denial(parameters)
                    : throttling && throttled.add(action)
                            ? throttle(parameters)
                            : reply(action, exchange.getRequestURI().getPath(), parameters);
        } catch (ReflectiveOperationException | RuntimeException e) {
            reply = new Reply(400, "");
        }
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public final void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
