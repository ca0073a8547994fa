package dev.podpath.capture.aws;

import dev.podpath.ports.capture.CaptureRun;
import dev.podpath.ports.capture.DocumentWriter;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkPojo;

/** Makes a document of each answer, and a gap of each that stays away. Safe for several threads. */
final class Survey {
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");
    private static final List<String> TOKENS =
            List.of("NextToken", "NextMarker", "NextRecordName", "NextRecordType", "NextRecordIdentifier");

    private final CaptureRun run;
    private final Work work;
    private final AtomicBoolean stranger = new AtomicBoolean();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong written = new AtomicLong();

    Survey(CaptureRun run, int parallelism) {
        this.run = run;
        this.work = new Work(parallelism, () -> run.cancelled() || stranger.get());
    }

    /** Asks for what nothing else depends on; not again where an earlier run got it. */
    void leaf(Action action, String region, String key, Supplier<? extends Iterable<? extends SdkPojo>> pages) {
        String document = action.document(region, key);
        if (!run.isDone(document)) {
            work.add(() -> {
                if (list(action, region, key, pages, item -> {})) {
                    run.done(document, Vector.empty());
                }
            });
        }
    }

    /** The same for an answer without pages, all of whose members are written. */
    void whole(Action action, String region, String key, Supplier<? extends SdkPojo> answer) {
        String document = action.document(region, key);
        if (!run.isDone(document)) {
            work.add(() -> {
                boolean written = write(action, region, key, text -> text.members(guarded(answer)));
                if (written) {
                    run.done(document, Vector.empty());
                }
            });
        }
    }

    /** Does something when there is a thread for it. */
    void later(Runnable task) {
        work.add(task);
    }

    /** Returns when everything was asked for. */
    void await() {
        work.await();
    }

    /**
     * Writes the items of all pages into one document, as the command line puts them together.
     *
     * @param pages the answers, fetched while they are iterated over
     * @param each hears every item
     * @return whether the document is there
     */
    boolean list(
            Action action,
            String region,
            String key,
            Supplier<? extends Iterable<? extends SdkPojo>> pages,
            Consumer<Object> each) {
        return write(action, region, key, text -> {
            text.list(action.field());
            Iterator<? extends SdkPojo> iterator = guarded(() -> pages.get().iterator());
            Set<String> tokens = new HashSet<>();
            while (guarded(iterator::hasNext)) {
                SdkPojo page = guarded(iterator::next);
                Object items = OutputText.member(page, action.field()).orElse(List.of());
                for (Object item : (List<?>) items) {
                    text.add(item);
                    each.accept(item);
                }
                String token = token(page);
                if (!token.isEmpty() && !tokens.add(token)) {
                    throw new Unanswered(new Failure(
                            Failure.Kind.UNANSWERED, "a page names itself, or one before it, as the next one"));
                }
            }
            text.endList();
        });
    }

    private boolean write(Action action, String region, String key, Output output) {
        String document = action.document(region, key);
        if (!key.isEmpty() && !FILE_NAME.matcher(key).matches()) {
            run.notCaptured(NotCaptured.failed(
                    action.document(region, "*"), "the name of what it is about cannot be one of a file"));
            return false;
        }
        run.progress().at("AWS documents", written.get(), asked.incrementAndGet());
        try (DocumentWriter writer = run.snapshot().document(document)) {
            try (OutputText text = new OutputText(writer)) {
                output.to(text);
            }
            writer.write('\n');
            writer.commit();
            run.progress().at("AWS documents", written.incrementAndGet(), asked.get());
            return true;
        } catch (Unanswered e) {
            gap(action, region, key, e.failure());
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void gap(Action action, String region, String key, Failure failure) {
        if (run.cancelled()) {
            return;
        }
        switch (failure.kind()) {
            case STRANGER -> {
                if (!stranger.getAndSet(true)) {
                    run.notCaptured(NotCaptured.failed("aws/*/*", failure.why()));
                }
            }
            // Policies seldom tell regions apart, and what is not there does not say which region it would be in.
            case DENIED ->
                run.notCaptured(failure.gap(action.document(region.equals("global") ? region : "*", key), action));
            default -> run.notCaptured(failure.gap(action.document(region, key), action));
        }
    }

    private static String token(SdkPojo page) {
        StringBuilder token = new StringBuilder();
        for (String name : TOKENS) {
            OutputText.member(page, name).ifPresent(value -> token.append('\n').append(value));
        }
        return token.toString();
    }

    /** Whatever the client library throws about an answer is the answer's failure. */
    private static <T> T guarded(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw new Unanswered(Failure.of(e));
        } catch (StackOverflowError e) {
            throw new Unanswered(new Failure(Failure.Kind.UNANSWERED, "an answer that is nested too deep"));
        }
    }

    /** What is written into a document. */
    private interface Output {
        void to(OutputText text) throws IOException;
    }

    private static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Failure failure;

        Unanswered(Failure failure) {
            super(failure.why(), null, false, false);
            this.failure = failure;
        }

        Failure failure() {
            return failure;
        }
    }
}
