package dev.podpath.capture.k8s;

import dev.podpath.ports.capture.CaptureRun;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** Runs a script in a container and takes the documents it prints. */
final class InContainer {
    private static final int MOST_ATTEMPTS = 3;

    private final Api api;
    private final CaptureRun run;

    InContainer(Api api, CaptureRun run) {
        this.api = api;
        this.run = run;
    }

    /**
     * What came of it.
     *
     * @param taken file names of the documents that were taken
     * @param gaps documents whose command failed
     * @param failure why the script did not run to its end, where it did not
     */
    record Outcome(Vector<String> taken, Vector<NotCaptured> gaps, Option<ApiFailure> failure) {
        static Outcome failed(ApiFailure failure) {
            return new Outcome(Vector.empty(), Vector.empty(), Option.some(failure));
        }
    }

    /** A container and what to run there. */
    record Place(String namespace, String pod, String container) {
        static Place of(Facts.PodFact fact) {
            return new Place(fact.namespace(), fact.name(), fact.container());
        }

        @Override
        public String toString() {
            return "pod " + namespace + "/" + pod;
        }
    }

    /**
     * Runs a script.
     *
     * @param place where
     * @param launcher words before the script: {@code sh -c}, or {@code sh -c LAUNCHER}
     * @param script the script
     * @param directory where its documents go
     * @param names the documents it may print
     */
    Outcome run(Place place, Vector<String> launcher, String script, String directory, Set<String> names) {
        Outcome last = Outcome.failed(ApiFailure.of(0, "stopped"));
        for (int attempt = 0; attempt < MOST_ATTEMPTS && !api.cancelled(); attempt++) {
            last = once(place, launcher, script, directory, names);
            boolean again = last.failure().exists(ApiFailure::passing);
            if (!again || !api.patience().rest(attempt, Duration.ZERO, run::cancelled)) {
                return last;
            }
        }
        return last;
    }

    private Outcome once(Place place, Vector<String> launcher, String script, String directory, Set<String> names) {
        String mark = Scripts.mark();
        String[] command = launcher.append(Scripts.marked(script, mark)).toJavaArray(String[]::new);
        Either<ApiFailure, ExecStream> opened = api.exec(place.namespace(), place.pod(), place.container(), command);
        if (opened.isLeft()) {
            return Outcome.failed(opened.getLeft());
        }
        FramedOutput output = new FramedOutput(run.snapshot(), directory, names, mark);
        try (ExecStream stream = opened.get()) {
            output.read(stream);
            ExecStream.Ended ended = stream.ended();
            boolean ran = !output.taken().isEmpty() || !output.failed().isEmpty();
            Option<ApiFailure> failure = ran
                    ? Option.none()
                    : Option.some(ApiFailure.of(
                            200, "the shell in " + place + " printed nothing: " + ended.message() + stream.errors()));
            return new Outcome(output.taken(), gaps(place, directory, output, stream.errors()), failure);
        } catch (IOException e) {
            return new Outcome(output.taken(), Vector.empty(), Option.some(ApiFailure.of(0, Api.reason(e))));
        }
    }

    private static Vector<NotCaptured> gaps(Place place, String directory, FramedOutput output, String errors) {
        String said = errors.isEmpty()
                ? ""
                : "; its errors: " + ApiFailure.of(0, errors).message();
        return output.failed()
                .map(failed -> failed.status() == 127
                        ? NotCaptured.absent(directory + failed.name(), place + " lacks the tool that prints it")
                        : NotCaptured.failed(
                                directory + failed.name(),
                                "its command in " + place + " ended with status " + failed.status() + said));
    }
}
