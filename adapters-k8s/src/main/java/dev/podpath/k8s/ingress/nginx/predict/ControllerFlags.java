package dev.podpath.k8s.ingress.nginx.predict;

import dev.podpath.core.cluster.Pod;
import dev.podpath.core.net.AddressPort;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What a controller was started with ({@code pkg/flags/flags.go}); a flag that is not given has its default.
 *
 * @param values the flags by name, without the dashes
 * @param known whether the arguments of the controller's pod are in the snapshot
 */
public record ControllerFlags(Map<String, String> values, boolean known) {
    /** The controller's own name in IngressClass objects unless a flag says otherwise. */
    public static final String CONTROLLER = "k8s.io/ingress-nginx";

    /** Every flag has its default. */
    public static ControllerFlags defaults() {
        return new ControllerFlags(HashMap.empty(), false);
    }

    /** The flags of the pod's containers. */
    public static ControllerFlags of(Pod pod) {
        Map<String, String> values = HashMap.empty();
        Vector<String> words = pod.arguments();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).strip();
            if (!word.startsWith("-")) {
                continue;
            }
            String flag = word.substring(word.startsWith("--") ? 2 : 1);
            int equals = flag.indexOf('=');
            boolean apart =
                    equals < 0 && i + 1 < words.size() && !words.get(i + 1).startsWith("-");
            String name = equals < 0 ? flag : flag.substring(0, equals);
            String value = equals >= 0 ? flag.substring(equals + 1) : apart ? words.get(i + 1) : "true";
            values = values.put(
                    name,
                    value.strip().replace("$(POD_NAMESPACE)", pod.namespace()).replace("$(POD_NAME)", pod.name()));
        }
        return new ControllerFlags(values, !words.isEmpty());
    }

    /** The value of {@code spec.controller} that its IngressClass objects have. */
    String controllerClass() {
        return text("controller-class").getOrElse(CONTROLLER);
    }

    /** The value of the annotation {@code kubernetes.io/ingress.class} that is its own. */
    String ingressClass() {
        return text("ingress-class").getOrElse("nginx");
    }

    boolean classByName() {
        return isSet("ingress-class-by-name");
    }

    boolean watchesWithoutClass() {
        return isSet("watch-ingress-without-class");
    }

    /** The one namespace it looks at, where it does not look at all. */
    Option<String> watchedNamespace() {
        return text("watch-namespace");
    }

    /** A selector of namespaces. */
    Option<String> namespaceSelector() {
        return text("watch-namespace-selector");
    }

    boolean ignoresCatchAll() {
        return isSet("disable-catch-all");
    }

    boolean ignoresExternalNames() {
        return isSet("disable-svc-external-name");
    }

    boolean passesTlsThrough() {
        return isSet("enable-ssl-passthrough");
    }

    /** {@code namespace/name} of the service that takes what no Ingress wants. */
    Option<String> defaultBackend() {
        return text("default-backend-service");
    }

    /** {@code namespace/name} of the ConfigMap with its settings. */
    public Option<String> configMap() {
        return text("configmap");
    }

    /** {@code namespace/name} of the ConfigMap of TCP services. */
    public Option<String> tcpServices() {
        return text("tcp-services-configmap");
    }

    /** {@code namespace/name} of the ConfigMap of UDP services. */
    public Option<String> udpServices() {
        return text("udp-services-configmap");
    }

    /** What its annotations begin with, without the slash. */
    public String annotationsPrefix() {
        return text("annotations-prefix").getOrElse("nginx.ingress.kubernetes.io");
    }

    /** The port it takes plain HTTP at. */
    public int httpPort() {
        return port("http-port", 80);
    }

    /** The port it takes TLS at. */
    public int httpsPort() {
        return port("https-port", 443);
    }

    /** The port behind its own TLS proxy. */
    int behindPassthrough() {
        return port("ssl-passthrough-proxy-port", 442);
    }

    private int port(String name, int otherwise) {
        return text(name)
                .flatMap(AddressPort::parsePort)
                .filter(port -> port > 0)
                .getOrElse(otherwise);
    }

    private Option<String> text(String name) {
        return values.get(name).filter(value -> !value.isEmpty());
    }

    private boolean isSet(String name) {
        return values.get(name).exists(Truth::isTrue);
    }
}
