package dev.podpath.capture.k8s;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** The shell texts that run in containers: plain POSIX, documents framed by marked lines. */
final class Scripts {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Scripts() {}

    /** Prints what a node knows of its data plane. */
    static String node() {
        return resource("frame.sh") + resource("node.sh");
    }

    /** Prints what an ingress-nginx controller works by. */
    static String ingress() {
        return resource("frame.sh") + resource("ingress.sh");
    }

    /** A word that no document has by chance or by intent. */
    static String mark() {
        return "podpath-" + Long.toHexString(RANDOM.nextLong()) + Long.toHexString(RANDOM.nextLong());
    }

    /** The script with its mark. */
    static String marked(String script, String mark) {
        return "M='" + mark + "'\n" + script;
    }

    /** Runs a script with the node's own tools where its file system is at {@code /host} and has them. */
    static String onHost() {
        return "if chroot /host sh -c 'command -v iptables-save || command -v nft' >/dev/null 2>&1;"
                + " then exec chroot /host sh -c \"$0\"; fi; eval \"$0\"";
    }

    static String resource(String name) {
        try (InputStream in = Scripts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
