package dev.podpath.it.live;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The account of the example {@code ack-article}. */
final class ExampleAliyun extends ExampleCloud {
    static final String REGION = "cn-hangzhou";
    private static final Path ACCOUNT = example("ack-article").resolve("aliyun").resolve(REGION);

    ExampleAliyun() throws IOException {}

    @Override
    String action(HttpExchange exchange, Map<String, String> parameters) {
        return exchange.getRequestHeaders().getFirst("x-acs-action");
    }

    @Override
    Reply reply(String action, String path, Map<String, String> parameters) throws IOException {
        Path file = file(action, parameters);
        return Files.exists(file)
                ? new Reply(200, Files.readString(file))
                : new Reply(404, "{\"Code\":\"InvalidAction.NotFound\",\"Message\":\"none\"}");
    }

    @Override
    Reply denial(Map<String, String> parameters) {
        return new Reply(403, "{\"Code\":\"Forbidden.RAM\",\"Message\":\"User not authorized\"}");
    }

    @Override
    Reply throttle(Map<String, String> parameters) {
        return new Reply(
                400, "{\"Code\":\"Throttling.User\",\"Message\":\"Request was denied due to user flow control.\"}");
    }

    /** The document of an action: its name ends with the one identifier, or with the load balancer's and the port. */
    private static Path file(String action, Map<String, String> parameters) throws IOException {
        String key = parameters.containsKey("ListenerPort")
                ? parameters.get("LoadBalancerId") + "." + parameters.get("ListenerPort")
                : parameters.entrySet().stream()
                        .filter(parameter -> parameter.getKey().endsWith("Id")
                                        && !parameter.getKey().equals("RegionId")
                                || parameter.getKey().equals("DomainName"))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("");
        String end = ("." + action + (key.isEmpty() ? "" : "." + key) + ".json").toLowerCase(Locale.ROOT);
        try (Stream<Path> files = Files.list(ACCOUNT)) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .toLowerCase(Locale.ROOT)
                            .endsWith(end))
                    .findFirst()
                    .orElse(ACCOUNT.resolve("none"));
        }
    }
}
