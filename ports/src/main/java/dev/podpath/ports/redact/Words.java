package dev.podpath.ports.redact;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The words that names are made of, and what stands for them. A word is a run of letters and digits; names that share words
 * ({@code app1-service}, {@code app-app1-service-8080}, {@code app1.example.com}) share what stands for them, and what stands
 * for a word is as long as it. Numbers, words of one or two letters and the words of the trade stay. For one thread.
 */
final class Words {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final String SIGNS = LETTERS + "0123456789";
    private static final int SHORTEST = 3;

    private final Set<String> names = new HashSet<>();
    private final Set<String> trade = new HashSet<>();
    private final Map<String, String> masked = new HashMap<>();
    private final Mac mac;

    Words(byte[] key) {
        try {
            this.mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        try (InputStream in = Words.class.getResourceAsStream("trade.txt")) {
            if (in == null) {
                throw new IllegalStateException("trade.txt is not on the class path");
            }
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
                    .lines()
                    .forEach(this::trade);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The words of a name; latin-1 text, see {@link TextMask}. */
    void name(String text) {
        each(text, names);
    }

    /** Words that mean something to programs, wherever they stand. */
    void trade(String text) {
        each(text, trade);
    }

    private static void each(String text, Set<String> into) {
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean inside = i < text.length() && isWord(text.charAt(i));
            if (inside && start < 0) {
                start = i;
            } else if (!inside && start >= 0) {
                if (i - start >= SHORTEST) {
                    into.add(text.substring(start, i).toLowerCase(Locale.ROOT));
                }
                start = -1;
            }
        }
    }

    static boolean isWord(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 0x80;
    }

    /** Decides what stands for each word; to be called once, after the last word was learnt. */
    void decide() {
        names.removeAll(trade);
        names.removeIf(word -> word.chars().allMatch(c -> c >= '0' && c <= '9'));
        Set<String> taken = new HashSet<>(names);
        taken.addAll(trade);
        for (String word : new TreeSet<>(names)) {
            String candidate = candidate(word, 0);
            for (int attempt = 1; !taken.add(candidate); attempt++) {
                // Where words of its length run out, a longer one stands for it.
                candidate = candidate(word + (attempt > 100 ? "+" : ""), attempt);
            }
            masked.put(word, candidate);
        }
    }

    private String candidate(String word, int attempt) {
        byte[] hash = mac.doFinal((attempt + " " + word).getBytes(StandardCharsets.ISO_8859_1));
        int length = Math.min(word.length(), hash.length);
        StringBuilder out = new StringBuilder(word.length());
        out.append(LETTERS.charAt((hash[0] & 0xff) % LETTERS.length()));
        for (int i = 1; i < length; i++) {
            out.append(SIGNS.charAt((hash[i] & 0xff) % SIGNS.length()));
        }
        while (out.length() < word.length()) {
            out.append(SIGNS.charAt((hash[out.length() % hash.length] & 0xff) % SIGNS.length()));
        }
        return out.toString();
    }

    /** What stands for a word; the word itself where nothing does. */
    String of(String word) {
        if (word.length() < SHORTEST) {
            return word;
        }
        String known = masked.get(word);
        return known != null ? known : masked.getOrDefault(word.toLowerCase(Locale.ROOT), word);
    }

    /** A keyed stand-in for a hash of a name, in the same alphabet and length: it would give the name away to who guesses it. */
    String hash(String hash, String alphabet) {
        byte[] bytes = mac.doFinal(("# " + hash).getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder out = new StringBuilder(hash.length());
        for (int i = 0; i < hash.length(); i++) {
            out.append(alphabet.charAt((bytes[i % bytes.length] & 0xff) % alphabet.length()));
        }
        return out.toString();
    }
}
