package dev.podpath.ports.redact;

import dev.podpath.ports.capture.DocumentWriter;
import dev.podpath.ports.capture.SnapshotWriter;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Manifest;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Makes of a snapshot one that can be shared: every address and every name replaced, everywhere by the same, addresses so that
 * prefixes keep their relations. The key is made anew for each redaction and kept nowhere, so that nobody can undo it, and
 * nobody can tell by two redacted snapshots whether they are of one cluster.
 *
 * <p>Values that may hold anything go altogether: environment variables, unknown annotations and ConfigMap keys, other
 * programs' arguments; so do Secrets and documents whose form is not known. What stays: numbers, ports, times, the
 * structure, the words of the trade.
 */
public final class Redaction {
    private static final byte[] GONE = "\"redacted\"".getBytes(StandardCharsets.US_ASCII);
    private static final Vector<String> ROOTS =
            Vector.of("kubernetes/", "nodes/", "ingress/", "aliyun/", "aws/", "dns/");

    private final Snapshot snapshot;
    private final Words words;
    private final Learner learner;
    private final TextMask mask;
    private final Map<String, Places> gone = new HashMap<>();
    private Vector<String> leftOut = Vector.empty();

    private Redaction(Snapshot snapshot, byte[] secret) {
        this.snapshot = snapshot;
        this.words = new Words(derived(secret, "words"));
        this.learner = new Learner(words);
        this.mask = new TextMask(new AddressMask(Arrays.copyOf(derived(secret, "addresses"), 16)), words);
    }

    /** Redacts a snapshot with a key that is made for it and forgotten. */
    public static Redaction of(Snapshot snapshot) {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return of(snapshot, secret);
    }

    /** Redacts a snapshot with a key, which must be kept as secret as the snapshot itself. */
    public static Redaction of(Snapshot snapshot, byte[] secret) {
        Redaction redaction = new Redaction(snapshot, secret.clone());
        redaction.learn();
        return redaction;
    }

    private static byte[] derived(byte[] secret, String purpose) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(purpose.getBytes(StandardCharsets.US_ASCII));
            return digest.digest(secret);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Documents that were left out, because they are Secrets, or of no known form. */
    public Vector<String> leftOut() {
        return leftOut;
    }

    /** What stands for an address, a name or a URL of the snapshot: so that who has the key's run can ask the redacted one. */
    public String of(String text) {
        return latin1(mask.of(Learner.latin1(text), TextMask.Style.TEXT));
    }

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /**
     * Writes the redacted snapshot.
     *
     * @param directory a directory that is not there yet or is empty
     * @return how many documents it has, or why it could not be written
     */
    public Either<DocumentProblem, Integer> into(Path directory) {
        Either<DocumentProblem, SnapshotWriter> opened = SnapshotWriter.open(directory, "redaction");
        if (opened.isLeft()) {
            return Either.left(opened.getLeft());
        }
        try (SnapshotWriter writer = opened.get()) {
            int count = 0;
            for (String path : snapshot.paths().filter(this::isTaken)) {
                count += snapshot.document(path).exists(document -> write(writer, document)) ? 1 : 0;
            }
            write(writer, Manifest.PATH, manifest().getBytes(StandardCharsets.ISO_8859_1));
            writer.finish();
            return Either.right(count);
        } catch (IOException | java.io.UncheckedIOException e) {
            return Either.left(new DocumentProblem(
                    directory.toString(),
                    Option.none(),
                    String.valueOf(e),
                    "a directory that can be written",
                    "name another directory"));
        }
    }

    private boolean isTaken(String path) {
        return ROOTS.exists(path::startsWith) && !leftOut.contains(path);
    }

    private static void write(SnapshotWriter writer, String path, byte[] bytes) throws IOException {
        try (DocumentWriter out = writer.document(path)) {
            out.write(bytes);
            out.commit();
        }
    }

    private boolean write(SnapshotWriter writer, Document document) {
        try {
            write(writer, pathOf(document.path()), bytes(document));
            return true;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** YAML is written as JSON, whose values have places. */
    private String pathOf(String path) {
        int name = path.lastIndexOf('/') + 1;
        String first = path.substring(0, name);
        String last = isYaml(path) ? path.replaceFirst("\\.ya?ml$", ".json").substring(name) : path.substring(name);
        boolean own = path.startsWith("kubernetes/") || path.startsWith("nodes/") || path.startsWith("ingress/");
        int root = first.indexOf('/') + 1;
        return first.substring(0, root) + of(first.substring(root)) + (own ? last : of(last));
    }

    private byte[] bytes(Document document) {
        TextMask.Style style = style(document.path());
        byte[] plain = plain(document);
        Places places = gone.getOrDefault(document.path(), new Places());
        String text = new String(places.blanked(plain, GONE), StandardCharsets.ISO_8859_1);
        if (document.name().equals("nginx.conf")) {
            text = NginxText.withoutSecrets(text);
        }
        return mask.of(text, style).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] plain(Document document) {
        return isYaml(document.path())
                ? document.json()
                        .map(json -> json.toString().getBytes(StandardCharsets.UTF_8))
                        .getOrElse(new byte[0])
                : document.bytes();
    }

    private static boolean isYaml(String path) {
        return path.endsWith(".yaml") || path.endsWith(".yml");
    }

    private static boolean isJson(String path) {
        return path.endsWith(".json") || isYaml(path);
    }

    private static TextMask.Style style(String path) {
        if (path.contains("/proc-net-ip_vs")) {
            return TextMask.Style.KERNEL;
        }
        if (path.startsWith("nodes/")) {
            boolean rules = path.matches(".*/(ip6?tables-save|nft-ruleset)[^/]*");
            return rules ? TextMask.Style.RULES : TextMask.Style.PLAIN;
        }
        return isJson(path) ? TextMask.Style.JSON : TextMask.Style.TEXT;
    }

    private void learn() {
        for (String path : snapshot.paths().filter(this::isTaken)) {
            boolean secret = path.toLowerCase(Locale.ROOT).startsWith("kubernetes/secret");
            boolean known = !secret && snapshot.document(path).exists(this::learn);
            if (!known) {
                leftOut = leftOut.append(path);
            }
            learnPath(path);
        }
        Manifest manifest = Manifest.of(snapshot);
        manifest.cluster().forEach(name -> words.name(Learner.latin1(name)));
        words.decide();
    }

    private boolean learn(Document document) {
        if (document.path().startsWith("nodes/")) {
            return true;
        }
        if (isJson(document.path())) {
            try {
                gone.put(document.path(), learner.learn(plain(document)));
                return true;
            } catch (IOException e) {
                return false;
            }
        }
        if (document.name().equals("nginx.conf")) {
            NginxText.learn(new String(document.bytes(), StandardCharsets.ISO_8859_1), words);
        }
        return true;
    }

    private void learnPath(String path) {
        String[] segments = path.split("/", -1);
        String last = segments[segments.length - 1];
        if (path.startsWith("nodes/") || path.startsWith("kubernetes/")) {
            words.trade(last);
        } else if (path.startsWith("aliyun/") || path.startsWith("aws/")) {
            String[] parts = last.split("\\.", -1);
            words.trade(String.join(" ", Arrays.copyOf(parts, Math.min(2, parts.length))));
            words.trade(segments[1]);
        }
        for (int i = 1; i < segments.length - 1; i++) {
            words.name(Learner.latin1(segments[i]));
        }
        if (path.startsWith("dns/")) {
            words.name(Learner.latin1(last.replaceFirst("\\.json$", "")));
        }
    }

    private String manifest() {
        Manifest manifest = Manifest.of(snapshot);
        String text = dev.podpath.ports.capture.ManifestText.of(
                manifest.capturedAt().getOrElse(""),
                manifest.cluster()
                        .map(name -> Map.of("cluster.name", name, "redacted", "true"))
                        .getOrElse(Map.of("redacted", "true")),
                manifest.notCaptured());
        return mask.of(Learner.latin1(text), TextMask.Style.JSON);
    }
}
