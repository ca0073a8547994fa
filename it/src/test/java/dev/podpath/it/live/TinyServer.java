package dev.podpath.it.live;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** HTTP/1.1 and WebSockets (RFC 6455) over a real socket, with full control of how an answer goes wrong. */
final class TinyServer implements AutoCloseable {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final ServerSocket socket;
    private final Handler handler;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** Answers a request. */
    interface Handler {
        void answer(Request request, Reply reply) throws IOException;
    }

    /** What was asked. */
    record Request(
            String method, String path, Map<String, List<String>> query, Map<String, String> headers, String body) {
        String parameter(String name) {
            return query.getOrDefault(name, List.of("")).get(0);
        }

        boolean upgrades() {
            return headers.getOrDefault("upgrade", "").equalsIgnoreCase("websocket");
        }
    }

    TinyServer(Handler handler) throws IOException {
        this.handler = handler;
        this.socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    private static void daemon(Runnable runnable) {
        Thread thread = new Thread(runnable, "tiny-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                daemon(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection;
                InputStream in = new BufferedInputStream(connection.getInputStream(), 1 << 16)) {
            connection.setTcpNoDelay(true);
            OutputStream out = new java.io.BufferedOutputStream(connection.getOutputStream(), 1 << 16);
            for (String line = line(in); line != null; line = line(in)) {
                Request request = request(line, in);
                Reply reply = new Reply(connection, in, out, request);
                handler.answer(request, reply);
                if (!reply.keeps()) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client went, or the answer was meant to break.
        } finally {
            open.remove(connection);
        }
    }

    private static Request request(String line, InputStream in) throws IOException {
        String[] words = line.split(" ");
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        int mark = words[1].indexOf('?');
        String path = mark < 0 ? words[1] : words[1].substring(0, mark);
        Map<String, List<String>> query = new TreeMap<>();
        for (String pair :
                mark < 0 ? new String[0] : words[1].substring(mark + 1).split("&")) {
            int equals = pair.indexOf('=');
            String name = URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8);
            String value = equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
            query.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
        }
        return new Request(words[0], path, query, headers, body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(b);
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }

    /** The answer to one request. */
    static final class Reply {
        private final Socket connection;
        private final InputStream in;
        private final OutputStream out;
        private final Request request;
        private boolean keep = true;

        Reply(Socket connection, InputStream in, OutputStream out, Request request) {
            this.connection = connection;
            this.in = in;
            this.out = out;
            this.request = request;
        }

        boolean keeps() {
            return keep;
        }

        void send(int status, String body, String... headers) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            head(status, bytes.length, headers);
            out.write(bytes);
            out.flush();
        }

        /** A body of unknown length, written piece by piece. */
        OutputStream stream() throws IOException {
            out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            keep = false;
            return out;
        }

        /** A part of a body, and then nothing more. */
        void cut(String body, int after) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            head(200, bytes.length);
            out.write(bytes, 0, Math.min(after, bytes.length));
            out.flush();
            keep = false;
            connection.close();
        }

        /** A part of a body, and then silence. */
        void stall(String body, int after, long millis) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            head(200, bytes.length);
            out.write(bytes, 0, Math.min(after, bytes.length));
            out.flush();
            keep = false;
            pause(millis);
        }

        static void pause(long millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void head(int status, int length, String... headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            out.write(head.append("Content-Length: ")
                    .append(length)
                    .append("\r\n\r\n")
                    .toString()
                    .getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Becomes a WebSocket in the first protocol that the client offers. */
        void upgrade() throws IOException {
            keep = false;
            String accept;
            try {
                accept = Base64.getEncoder()
                        .encodeToString(java.security.MessageDigest.getInstance("SHA-1")
                                .digest((request.headers().get("sec-websocket-key") + GUID)
                                        .getBytes(StandardCharsets.ISO_8859_1)));
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
            String offered = request.headers()
                    .getOrDefault("sec-websocket-protocol", "")
                    .split(",")[0]
                    .strip();
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept + "\r\nSec-WebSocket-Protocol: " + offered + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** A binary message: a channel and bytes. */
        void message(int channel, byte[] bytes, int offset, int length) throws IOException {
            int size = length + 1;
            out.write(0x82);
            if (size < 126) {
                out.write(size);
            } else if (size < 65536) {
                out.write(126);
                out.write(size >> 8);
                out.write(size);
            } else {
                out.write(127);
                for (int shift = 56; shift >= 0; shift -= 8) {
                    out.write((int) ((long) size >> shift));
                }
            }
            out.write(channel);
            out.write(bytes, offset, length);
            out.flush();
        }

        /** Closes the WebSocket in order, and waits for the other side to do so. */
        void closeSocket() throws IOException {
            out.write(new byte[] {(byte) 0x88, 2, 3, (byte) 0xe8});
            out.flush();
            connection.setSoTimeout(2_000);
            byte[] rest = new byte[256];
            while (in.read(rest) >= 0) {
                // Whatever the client still says.
            }
        }

        void drop() throws IOException {
            keep = false;
            connection.close();
        }
    }
}
