package dev.podpath.capture.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.vavr.control.Either;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The standard output of a command that runs in a container, over a WebSocket in the protocol {@code v4.channel.k8s.io}: the
 * first byte of a message is its channel, 1 output, 2 errors, 3 the end's status. The next message is asked for when the last
 * one was read, so that memory holds one.
 */
final class ExecStream extends InputStream {
    private static final int LONGEST_ERROR = 4096;
    private static final long SLICE = 100;
    /** The only buffer in the queue without room. */
    private static final ByteBuffer END = ByteBuffer.allocate(0);

    private final BlockingQueue<ByteBuffer> queue = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final long patience;
    private final BooleanSupplier cancelled;
    private volatile @Nullable WebSocket socket;
    private volatile String cut = "";
    private volatile @Nullable Ended ended;
    private @Nullable ByteBuffer current;

    private ExecStream(Duration patience, BooleanSupplier cancelled) {
        this.patience = patience.toMillis();
        this.cancelled = cancelled;
    }

    /**
     * How a command ended.
     *
     * @param code its exit code; -1 where it could not be run at all
     * @param message what the server said of it
     */
    record Ended(int code, String message) {}

    static Either<ApiFailure, ExecStream> open(HttpClient http, URI uri, Duration patience, BooleanSupplier cancelled) {
        ExecStream stream = new ExecStream(patience, cancelled);
        CompletableFuture<WebSocket> opened = http.newWebSocketBuilder()
                .uri(uri)
                .subprotocol("v4.channel.k8s.io")
                .connectTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .buildAsync(stream.new Listener());
        try {
            opened.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return Either.right(stream);
        } catch (TimeoutException e) {
            opened.cancel(true);
            return Either.left(ApiFailure.of(0, "no answer to exec in time"));
        } catch (ExecutionException e) {
            return Either.left(failure(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Either.left(ApiFailure.of(0, "interrupted"));
        }
    }

    private static ApiFailure failure(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof WebSocketHandshakeException handshake) {
                return ApiFailure.of(handshake.getResponse().code(), "exec was refused");
            }
        }
        return ApiFailure.of(0, Api.reason(thrown));
    }

    /** How the command ended, once the stream was read to its end. */
    Ended ended() throws IOException {
        Ended known = ended;
        if (known == null) {
            throw new IOException(cut.isEmpty() ? "the connection was closed before the command ended" : cut);
        }
        return known;
    }

    /** The beginning of what the command wrote to its standard error. */
    String errors() {
        synchronized (errors) {
            return errors.toString(StandardCharsets.UTF_8).strip();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer now = current;
        while (now == null || !now.hasRemaining()) {
            if (now != null && now.capacity() == 0) {
                return atEnd();
            }
            now = next(now != null);
            current = now;
        }
        int part = Math.min(length, now.remaining());
        now.get(bytes, offset, part);
        return part;
    }

    private int atEnd() throws IOException {
        if (ended == null) {
            throw new IOException(cut.isEmpty() ? "the connection was closed before the command ended" : cut);
        }
        return -1;
    }

    private ByteBuffer next(boolean wasRead) throws IOException {
        WebSocket open = socket;
        if (wasRead && open != null) {
            open.request();
        }
        try {
            for (long waited = 0; waited < patience && !cancelled.getAsBoolean(); waited += SLICE) {
                ByteBuffer message = queue.poll(SLICE, TimeUnit.MILLISECONDS);
                if (message != null) {
                    return message;
                }
            }
            throw new IOException("the command gave nothing within " + patience / 1000.0 + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        WebSocket open = socket;
        if (open != null) {
            open.sendClose(1000, "");
        }
    }

    private void take(WebSocket from, ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            from.request();
            return;
        }
        byte channel = bytes.get();
        if (channel == 1 && bytes.hasRemaining()) {
            queue.add(bytes);
            return;
        }
        if (channel == 2) {
            synchronized (errors) {
                int room = Math.min(LONGEST_ERROR - errors.size(), bytes.remaining());
                byte[] part = new byte[Math.max(0, room)];
                bytes.get(part);
                errors.writeBytes(part);
            }
        } else if (channel == 3) {
            byte[] status = new byte[bytes.remaining()];
            bytes.get(status);
            ended = status(status);
            queue.add(END);
            from.sendClose(1000, "");
        }
        from.request();
    }

    /** Reads a {@code Status}: success, an exit code among its causes, or why nothing could be run. */
    private static Ended status(byte[] bytes) {
        try {
            JsonNode status = KubectlJson.parse(new ByteArrayInputStream(bytes));
            if (status.path("status").asText("").equals("Success")) {
                return new Ended(0, "");
            }
            int code = -1;
            for (JsonNode cause : status.path("details").path("causes")) {
                if (cause.path("reason").asText("").equals("ExitCode")) {
                    code = cause.path("message").asInt(-1);
                }
            }
            return new Ended(code, status.path("message").asText(""));
        } catch (IOException e) {
            return new Ended(-1, new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private final class Listener implements WebSocket.Listener {
        @Override
        public void onOpen(WebSocket opened) {
            socket = opened;
        }

        @Override
        public void onMessage(WebSocket from, ByteBuffer bytes) {
            take(from, bytes);
        }

        @Override
        public void onMessage(WebSocket from, String text) {
            take(from, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void onClose(WebSocket from, int code, String reason) {
            queue.add(END);
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            cut = "the connection was cut: " + Api.reason(error);
            queue.add(END);
        }
    }
}
