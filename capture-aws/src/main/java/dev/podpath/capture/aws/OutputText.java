package dev.podpath.capture.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/**
 * Writes answers as the AWS command line prints them ({@code --output json}): members by their names in the service's
 * model and in its order, members that the answer lacks left out, four spaces a step, times as ISO 8601 with an offset.
 */
final class OutputText implements Closeable {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx");

    private final JsonGenerator out;

    /** Begins the output's object. */
    OutputText(OutputStream target) throws IOException {
        DefaultIndenter indenter = new DefaultIndenter("    ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""));
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        this.out = FACTORY.createGenerator(target);
        out.setPrettyPrinter(printer);
        out.writeStartObject();
    }

    /** Begins the list that all pages go into. */
    void list(String name) throws IOException {
        out.writeArrayFieldStart(name);
    }

    /** Adds to that list. */
    void add(Object value) throws IOException {
        write(value);
    }

    /** Ends that list. */
    void endList() throws IOException {
        out.writeEndArray();
    }

    /** Adds all members of a structure to the output's object. */
    void members(SdkPojo structure) throws IOException {
        for (SdkField<?> field : structure.sdkFields()) {
            Object value = field.getValueOrDefault(structure);
            if (isGiven(value)) {
                out.writeFieldName(field.memberName());
                write(value);
            }
        }
    }

    /** Ends the output. */
    @Override
    public void close() throws IOException {
        out.close();
    }

    /** The member of an answer. */
    static Optional<Object> member(SdkPojo structure, String name) {
        for (SdkField<?> field : structure.sdkFields()) {
            if (field.memberName().equals(name)) {
                return Optional.ofNullable(field.getValueOrDefault(structure));
            }
        }
        return Optional.empty();
    }

    private void write(Object value) throws IOException {
        if (value instanceof SdkPojo structure) {
            out.writeStartObject();
            members(structure);
            out.writeEndObject();
        } else if (value instanceof Collection<?> list) {
            out.writeStartArray();
            for (Object element : list) {
                write(element);
            }
            out.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName(String.valueOf(entry.getKey()));
                write(entry.getValue());
            }
            out.writeEndObject();
        } else {
            scalar(value);
        }
    }

    private void scalar(Object value) throws IOException {
        if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof Integer || value instanceof Long || value instanceof Short) {
            out.writeNumber(((Number) value).longValue());
        } else if (value instanceof Float || value instanceof Double) {
            out.writeNumber(((Number) value).doubleValue());
        } else if (value instanceof BigDecimal number) {
            out.writeNumber(number);
        } else if (value instanceof Instant time) {
            OffsetDateTime at = time.atOffset(ZoneOffset.UTC);
            out.writeString((at.getNano() == 0 ? SECONDS : MICROS).format(at));
        } else if (value instanceof SdkBytes bytes) {
            out.writeString(Base64.getEncoder().encodeToString(bytes.asByteArray()));
        } else {
            out.writeString(String.valueOf(value));
        }
    }

    /** Lists that the client library put where the answer has none are not given. */
    private static boolean isGiven(@Nullable Object value) {
        return value != null && !(value instanceof SdkAutoConstructList) && !(value instanceof SdkAutoConstructMap);
    }
}
