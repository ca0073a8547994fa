package dev.podpath.it.nginx;

import dev.podpath.core.net.IpAddress;
import io.vavr.control.Option;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real nginx in one process, with everything it writes in a directory of its own. */
final class NginxProcess implements AutoCloseable {
    private final Process process;

    private NginxProcess(Process process) {
        this.process = process;
    }

    /** A port that was free is not free any more. */
    static final class PortTaken extends IOException {
        private static final long serialVersionUID = 1L;

        PortTaken(String log) {
            super(log);
        }
    }

    /** Where nginx is installed; empty where it is not. */
    static Option<Path> binary() {
        for (String candidate : List.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx")) {
            if (Files.isExecutable(Path.of(candidate))) {
                return Option.some(Path.of(candidate));
            }
        }
        return Option.none();
    }

    /** Starts nginx with the servers of an {@code http} block and waits until it listens on the port. */
    static NginxProcess start(Path directory, Path conf, int port) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        binary().get().toString(),
                        "-p",
                        directory + "/",
                        "-c",
                        conf.toString(),
                        "-e",
                        directory.resolve("error.log").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile())
                .start();
        for (int i = 0; i < 500; i++) {
            if (!process.isAlive()) {
                break;
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
                return new NginxProcess(process);
            } catch (IOException e) {
                Thread.sleep(10);
            }
        }
        process.destroyForcibly();
        String log = Files.exists(directory.resolve("error.log"))
                ? Files.readString(directory.resolve("error.log"), StandardCharsets.ISO_8859_1)
                : "";
        if (log.contains("Address already in use")) {
            throw new PortTaken(log);
        }
        throw new IOException("nginx does not start: " + log);
    }

    /** Ports that are free on every loopback address now. */
    static int[] freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            int[] ports = new int[count];
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0);
                sockets.add(socket);
                ports[i] = socket.getLocalPort();
            }
            return ports;
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Sends bytes from one address to another and reads the answer to its end. */
    static Answer ask(String source, String address, int port, String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(10_000);
            socket.setTcpNoDelay(true);
            socket.bind(new InetSocketAddress(address(source), 0));
            socket.connect(new InetSocketAddress(address(address), port), 5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            in.transferTo(out);
            return Answer.of(out.toString(StandardCharsets.ISO_8859_1));
        }
    }

    private static InetAddress address(String literal) throws IOException {
        int bits = IpAddress.of(literal).v4Bits();
        return InetAddress.getByAddress(
                new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits});
    }

    /**
     * An HTTP answer.
     *
     * @param status its status; 0 where the connection was closed without one
     * @param location the Location header, or empty text
     * @param body the body
     */
    record Answer(int status, String location, String body) {
        static Answer of(String text) {
            if (!text.startsWith("HTTP/")) {
                return new Answer(0, "", text);
            }
            int end = text.indexOf("\r\n\r\n");
            String location = text.substring(0, end)
                    .lines()
                    .filter(line -> line.startsWith("Location: "))
                    .map(line -> line.substring("Location: ".length()))
                    .findFirst()
                    .orElse("");
            return new Answer(Integer.parseInt(text.substring(9, 12)), location, text.substring(end + 4));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
