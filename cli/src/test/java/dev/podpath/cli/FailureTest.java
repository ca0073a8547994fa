package dev.podpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.cli.render.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** A failure of the program is never taken for an answer. */
class FailureTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), new Style(false, true));

    @Test
    void tooLittleMemoryIsSaidInOneLine() {
        int status = Failure.tell(terminal, new CompletionException(new OutOfMemoryError("Java heap space")));
        assertThat(status).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("too little memory")
                .contains("PODPATH_JAVA_OPTS=-Xmx4g")
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFaultComesWithWhatAReportNeeds() {
        int status = Failure.tell(terminal, new IllegalStateException("not wired"));
        assertThat(status).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("IllegalStateException: not wired")
                .contains("at dev.podpath.cli.FailureTest");
    }

    @Test
    void itIsNoneOfTheAnswers() {
        assertThat(ExitCode.FAILED).isNotIn(ExitCode.OK, ExitCode.NOT_DELIVERED, ExitCode.BAD_INPUT, ExitCode.UNKNOWN);
    }

    @Test
    void whatACommandThrowsIsAFailure() {
        assertThat(Main.run(new Terminal(new Broken(), new PrintWriter(err), new Style(false, true)), "version"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("the screen is gone");
    }

    /** Fails at the first text, as a bug in a command would. */
    private static final class Broken extends PrintWriter {
        Broken() {
            super(new StringWriter());
        }

        @Override
        public void write(String text, int from, int length) {
            throw new IllegalStateException("the screen is gone");
        }

        @Override
        public void write(String text) {
            throw new IllegalStateException("the screen is gone");
        }
    }
}
