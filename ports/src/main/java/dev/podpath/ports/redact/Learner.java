package dev.podpath.ports.redact;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Learns from JSON which words are names and which are words of the trade, and which values must go altogether because they
 * may hold anything: environment variables, other programs' arguments, unknown annotations and configuration.
 */
final class Learner {
    /** Fields whose values are names; compared in lower case, by their end. */
    private static final Set<String> NAMES = Set.of(
            "name",
            "names",
            "id",
            "ids",
            "arn",
            "arns",
            "domain",
            "host",
            "hosts",
            "hostname",
            "hostnames",
            "rr",
            "description",
            "dnsname",
            "namespace",
            "generatename",
            "serviceaccount",
            "subdomain",
            "providerid",
            "image",
            "imageid",
            "uri",
            "url",
            "remark",
            "comment",
            "cname",
            "record",
            "values",
            "resourcerecords",
            "region",
            "zone",
            "owner",
            "user",
            "value",
            "claimname",
            "secretname",
            "tag");

    /** Objects whose values are names, whatever their fields. */
    private static final Set<String> OF_NAMES =
            Set.of("labels", "matchlabels", "selector", "nodeselector", "annotations", "data", "deprecatedtopology");

    private static final Set<String> KNOWN_ARGUMENTS = Set.of(
            "configmap",
            "tcp-services-configmap",
            "udp-services-configmap",
            "ingress-class",
            "controller-class",
            "watch-ingress-without-class",
            "publish-service",
            "annotations-prefix",
            "enable-ssl-passthrough",
            "http-port",
            "https-port",
            "ssl-passthrough-proxy-port",
            "default-server-port",
            "default-backend-service",
            "config",
            "hostname-override",
            "v",
            "watch-namespace",
            "election-id",
            "cluster-cidr",
            "proxy-mode",
            "ingress-class-by-name",
            "validating-webhook",
            "http2-port",
            "status-port",
            "healthz-port",
            "masquerade-all",
            "nodeport-addresses");

    private static final String[] KNOWN_ANNOTATIONS = {
        "nginx.ingress.kubernetes.io/", "kubernetes.io/", "service.beta.kubernetes.io/", "service.kubernetes.io/",
        "alb.ingress.kubernetes.io/", "service.alpha.kubernetes.io/", "node.kubernetes.io/", "endpoints.kubernetes.io/",
        "projectcalico.org/", "flannel.alpha.coreos.com/", "k8s.aliyun.com/", "ingressclass.kubernetes.io/",
        "prometheus.io/", "elbv2.k8s.aws/", "network.alibabacloud.com/", "topology.kubernetes.io/"
    };

    private static final Set<String> KNOWN_DATA = Set.of(
            "Corefile",
            "config.conf",
            "config",
            "config.yaml",
            "kubelet",
            "ClusterConfiguration",
            "cni-conf.json",
            "net-conf.json");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(200)
                    .maxStringLength(64 << 20)
                    .build())
            .build();

    private static final int LONGEST_PLAIN = 32;
    private static final int UID = 36;

    private final Words words;

    Learner(Words words) {
        this.words = words;
    }

    /**
     * Learns from a document.
     *
     * @return the places of values that must go: offsets of their first and behind their last byte, quotes included
     * @throws IOException where it is not JSON
     */
    Places learn(byte[] json) throws IOException {
        Places gone = new Places();
        try (JsonParser parser = FACTORY.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    key(parser.currentName());
                } else if (token == JsonToken.VALUE_STRING) {
                    int start = (int) parser.currentTokenLocation().getByteOffset();
                    String text = parser.getText();
                    if (goes(parser.getParsingContext(), text)) {
                        gone.add(start, (int) parser.currentLocation().getByteOffset());
                    } else {
                        value(parser.getParsingContext(), latin1(text));
                    }
                }
            }
        }
        return gone;
    }

    static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void key(String key) {
        boolean plain = key.indexOf('.') < 0 && key.indexOf('/') < 0;
        if (plain || known(key)) {
            words.trade(latin1(key));
        } else {
            words.name(latin1(key));
        }
    }

    private void value(JsonStreamContext at, String text) {
        String field = field(at);
        String owner = owner(at);
        if (field.equals("uid") && text.length() == UID) {
            // Cloud controllers name load balancers by it.
            String digits = text.replace("-", "");
            words.trade(digits);
            words.trade("a" + digits);
            words.trade("a" + digits.substring(0, Math.min(31, digits.length())));
        }
        if (isName(field) || OF_NAMES.contains(owner)) {
            words.name(text);
        } else if (isPlain(text)) {
            // A plain word in a field that holds no name: ClusterIP, Running, internet-facing, text/html.
            words.trade(text);
        } else if (field.equals("key") || field.equals("tagkey") || field.equals("apiversion")) {
            words.trade(text);
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (i == 0 || c != '-' && c != '_' && c != '/')) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() < LONGEST_PLAIN;
    }

    private static boolean isName(String field) {
        if (field.endsWith("uid")) {
            return false;
        }
        if (NAMES.contains(field)) {
            return true;
        }
        for (String end : new String[] {"name", "id", "ids", "arn", "host", "domain"}) {
            if (field.endsWith(end)) {
                return true;
            }
        }
        return false;
    }

    /** The field a value is in; for elements of an array the array's. */
    private static String field(JsonStreamContext at) {
        JsonStreamContext named = at.inArray() ? at.getParent() : at;
        String name = named == null ? null : named.getCurrentName();
        return name == null ? "" : name.toLowerCase(Locale.ROOT);
    }

    /** The field of the object around. */
    private static String owner(JsonStreamContext at) {
        @Nullable JsonStreamContext object = at.inArray() ? at.getParent() : at;
        JsonStreamContext around = object == null ? null : object.getParent();
        while (around != null && around.inArray()) {
            around = around.getParent();
        }
        String name = around == null ? null : around.getCurrentName();
        return name == null ? "" : name.toLowerCase(Locale.ROOT);
    }

    private static boolean goes(JsonStreamContext at, String text) {
        String field = field(at);
        String owner = owner(at);
        return switch (owner) {
            case "env" -> field.equals("value");
            case "annotations" -> !known(String.valueOf(at.getCurrentName()));
            case "data", "binarydata", "stringdata" -> !isKnownData(String.valueOf(at.getCurrentName()), text);
            default -> (field.equals("args") || field.equals("command")) && !isKnownArgument(text);
        };
    }

    private static boolean isKnownData(String key, String text) {
        boolean option = key.matches("[a-z0-9-]+") && text.length() < 200 && text.indexOf('\n') < 0;
        return KNOWN_DATA.contains(key) || option && !key.matches(".*(secret|token|password|key|auth).*");
    }

    private static boolean known(String key) {
        for (String prefix : KNOWN_ANNOTATIONS) {
            if (key.startsWith(prefix)) {
                return !key.contains("snippet")
                        && !key.contains("auth-")
                        && !key.endsWith("last-applied-configuration");
            }
        }
        return key.startsWith("app.kubernetes.io/") || key.startsWith("node-role.kubernetes.io/");
    }

    private static boolean isKnownArgument(String text) {
        if (text.indexOf('=') < 0 && text.matches("/[a-z/-]{1,60}|kube-proxy")) {
            return true;
        }
        String name = text.replaceFirst("^--?", "").replaceFirst("(?s)=.*", "");
        return text.startsWith("-") && KNOWN_ARGUMENTS.contains(name);
    }
}
