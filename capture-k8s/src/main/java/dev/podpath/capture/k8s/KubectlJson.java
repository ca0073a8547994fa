package dev.podpath.capture.k8s;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON as {@code kubectl -o json} prints it: names in order, four blanks a level, and escapes as Go's {@code encoding/json}
 * makes them, so that a captured list is byte for byte the one made by hand.
 */
final class KubectlJson {
    private static final int MOST_DEPTH = 200;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** Reads JSON; numbers keep their digits. */
    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxStringLength(64 << 20)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final StringBuilder out = new StringBuilder();

    private KubectlJson() {}

    /** The value in a stream; an empty stream is an error. */
    static JsonNode parse(InputStream in) throws IOException {
        JsonNode value = MAPPER.readTree(in);
        if (value == null || value.isMissingNode()) {
            throw new IOException("an empty answer where JSON was expected");
        }
        return value;
    }

    /** The value's text, its continuation lines indented by so many levels. */
    static byte[] print(JsonNode value, int level) {
        KubectlJson printer = new KubectlJson();
        printer.value(value, level);
        return printer.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void value(JsonNode value, int level) {
        if (value.isObject()) {
            object(value, level);
        } else if (value.isArray()) {
            array(value, level);
        } else if (value.isTextual()) {
            string(value.textValue());
        } else {
            out.append(value.asText("null"));
        }
    }

    private void object(JsonNode object, int level) {
        if (object.isEmpty()) {
            out.append("{}");
            return;
        }
        Map<String, JsonNode> sorted = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            sorted.put(field.getKey(), field.getValue());
        }
        String before = "{";
        for (Map.Entry<String, JsonNode> field : sorted.entrySet()) {
            out.append(before);
            line(level + 1);
            string(field.getKey());
            out.append(": ");
            value(field.getValue(), level + 1);
            before = ",";
        }
        line(level);
        out.append('}');
    }

    private void array(JsonNode array, int level) {
        if (array.isEmpty()) {
            out.append("[]");
            return;
        }
        String before = "[";
        for (Iterator<JsonNode> items = array.elements(); items.hasNext(); ) {
            out.append(before);
            line(level + 1);
            value(items.next(), level + 1);
            before = ",";
        }
        line(level);
        out.append(']');
    }

    private void line(int level) {
        out.append('\n');
        for (int i = 0; i < level; i++) {
            out.append("    ");
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
                        out.append("\\u")
                                .append(HEX[c >> 12])
                                .append(HEX[c >> 8 & 15])
                                .append(HEX[c >> 4 & 15])
                                .append(HEX[c & 15]);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
