package dev.podpath.capture.aliyun;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podpath.ports.capture.CaptureRun;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Parallel;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks for the lists of all regions, then for the details of what they name, a bounded number of requests at a time. */
final class Survey {
    private final Pages pages;
    private final CaptureScope scope;
    private final CaptureRun run;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicBoolean stranger = new AtomicBoolean();

    Survey(Account account, CaptureScope scope, CaptureRun run) {
        this.pages = new Pages(account, run.snapshot());
        this.scope = scope;
        this.run = run;
    }

    void of(Vector<String> regions) {
        Vector<Call> round = Plan.lists(regions);
        int total = 0;
        while (!round.isEmpty() && !run.cancelled() && !stranger.get()) {
            Vector<Call> calls = round.filter(call -> asked.add(call.path()));
            total += calls.size();
            int known = total;
            ConcurrentLinkedQueue<Call> next = new ConcurrentLinkedQueue<>();
            Parallel.each(calls, scope.parallelism(), () -> run.cancelled() || stranger.get(), call -> {
                one(call, next);
                run.progress().at("documents of the cloud", done.incrementAndGet(), known);
            });
            round = Vector.ofAll(next).sorted(Comparator.comparing(Call::path));
        }
    }

    private void one(Call call, ConcurrentLinkedQueue<Call> next) {
        try {
            if (run.isDone(call.path())) {
                follow(call, pages.read(call), next);
                return;
            }
            Either<Failure, Vector<JsonNode>> got = pages.fetch(call);
            if (got.isRight()) {
                pages.write(call, got.get());
                run.done(call.path(), Vector.empty());
                follow(call, got.get(), next);
            } else if (!run.cancelled()) {
                missed(call, got.getLeft());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void missed(Call call, Failure failure) {
        if (failure.kind() == Failure.Kind.STRANGER) {
            stranger.set(true);
            run.notCaptured(NotCaptured.failed("aliyun/*/*", failure.why()));
        } else {
            run.notCaptured(failure.gap(call));
        }
    }

    private static void follow(Call call, Vector<JsonNode> pages, ConcurrentLinkedQueue<Call> next) {
        pages.flatMap(call::items).flatMap(item -> Plan.details(call, item)).forEach(next::add);
    }
}
