package dev.podpath.ports.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;

class TextLinesProperties {
    @Property
    void linesAreWhatWasJoined(
            @ForAll List<@AlphaChars @StringLength(max = 12) String> lines,
            @ForAll boolean windows,
            @ForAll boolean end) {
        String separator = windows ? "\r\n" : "\n";
        String text = String.join(separator, lines) + (end ? separator : "");
        TextLines read = TextLines.of(text.getBytes(StandardCharsets.UTF_8));
        List<String> expected = text.lines().toList();
        assertThat(read.count()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(read.line(i + 1)).isEqualTo(expected.get(i));
        }
    }

    @Property
    void everyOffsetIsOnTheLineThatHoldsIt(@ForAll List<@AlphaChars @StringLength(max = 5) String> lines) {
        byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        TextLines read = TextLines.of(bytes);
        int line = 1;
        for (int offset = 0; offset < bytes.length; offset++) {
            assertThat(read.lineAt(offset)).isEqualTo(line);
            if (bytes[offset] == '\n') {
                line++;
            }
        }
    }
}
