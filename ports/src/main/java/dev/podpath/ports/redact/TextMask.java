package dev.podpath.ports.redact;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import io.vavr.control.Option;

/**
 * Replaces the addresses and names in a line of text, whatever its format. Text is held as latin-1, one character a byte, so
 * that every byte sequence comes through.
 */
final class TextMask {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int LONGEST_ADDRESS = 45;

    private final AddressMask addresses;
    private final Words words;

    TextMask(AddressMask addresses, Words words) {
        this.addresses = addresses;
        this.words = words;
    }

    /** How a document writes what is replaced. */
    enum Style {
        /** Anything. */
        TEXT,
        /** Between backslash escapes, which stay. */
        JSON,
        /** Rules of packet filters: names stand in quotes, behind {@code --comment}, and between slashes. */
        RULES,
        /** Addresses only. */
        PLAIN,
        /** Addresses as eight hexadecimal digits: {@code /proc/net/ip_vs}. */
        KERNEL
    }

    String of(String text, Style style) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        int i = 0;
        boolean named = style != Style.RULES && style != Style.PLAIN;
        boolean quoted = false;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (style == Style.RULES && !quoted && (i == 0 || isBlank(text.charAt(i - 1)))) {
                named = holdsName(text, i);
            }
            if (style == Style.RULES && (c == '"' || c == '\n')) {
                quoted = c == '"' && !quoted;
                named = quoted;
            }
            if (c == '\\' && style == Style.JSON) {
                int length = i + 1 < text.length() && text.charAt(i + 1) == 'u' ? 6 : 2;
                int end = Math.min(text.length(), i + length);
                out.append(text, i, end);
                i = end;
            } else if (Words.isWord(c) || c == ':' && i + 1 < text.length() && text.charAt(i + 1) == ':') {
                i = token(text, i, style, named, out);
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\n' || c == '\t';
    }

    /** Whether the argument that begins here may hold a name. */
    private static boolean holdsName(String text, int start) {
        if (text.startsWith("--comment ", start - 10)) {
            return true;
        }
        boolean slash = false;
        boolean letter = false;
        for (int i = start; i < text.length() && !isBlank(text.charAt(i)); i++) {
            char c = text.charAt(i);
            slash |= c == '/';
            letter |= c >= 'g' && c <= 'z';
        }
        return slash && letter;
    }

    /** A time or a UUID, which stay: the end of what begins here, or its beginning. */
    private static int stays(String text, int start) {
        if (matches(text, start, "dddd-dd-ddT")) {
            int end = start;
            while (end < text.length() && (Words.isWord(text.charAt(end)) || "-:.+".indexOf(text.charAt(end)) >= 0)) {
                end++;
            }
            return end;
        }
        return matches(text, start, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") ? start + 36 : start;
    }

    private static boolean matches(String text, int start, String form) {
        if (start + form.length() > text.length()) {
            return false;
        }
        for (int i = 0; i < form.length(); i++) {
            char c = text.charAt(start + i);
            char f = form.charAt(i);
            if (f == 'd' ? !isDigit(c) : f == 'x' ? !isHex(c) : c != f) {
                return false;
            }
        }
        return true;
    }

    /** Replaces what begins here, and says where it ends. */
    private int token(String text, int start, Style style, boolean named, StringBuilder out) {
        boolean fresh = start == 0 || !Words.isWord(text.charAt(start - 1));
        if (fresh) {
            int same = stays(text, start);
            if (same > start) {
                out.append(text, start, same);
                return same;
            }
            int end = address6(text, start, out);
            end = end > start ? end : address4(text, start, '.', out);
            end = end > start ? end : address4(text, start, '-', out);
            end = end > start ? end : hardware(text, start, out);
            end = end > start || style != Style.KERNEL ? end : kernel(text, start, out);
            if (end > start) {
                return end;
            }
        }
        int end = start;
        while (end < text.length() && Words.isWord(text.charAt(end))) {
            end++;
        }
        if (end == start) {
            out.append(text.charAt(start));
            return start + 1;
        }
        word(text, start, end, style, named, out);
        return end;
    }

    private void word(String text, int start, int end, Style style, boolean named, StringBuilder out) {
        String word = text.substring(start, end);
        if (style == Style.RULES && isHash(text, start, word)) {
            out.append(words.hash(word, BASE32));
        } else {
            out.append(named ? words.of(word) : word);
        }
    }

    /** Whether this is kube-proxy's hash of a service port in the name of a chain. */
    private static boolean isHash(String text, int start, String word) {
        if (word.length() != 16 && word.length() != 8 || !inBase32(word)) {
            return false;
        }
        String before = text.substring(Math.max(0, start - 9), start);
        return before.matches("(?s).*(KUBE-(SVC|SEP|EXT|FW|XLB|SVL)-|(service|endpoint|external|firewall)-)");
    }

    private static boolean inBase32(String word) {
        return word.chars().allMatch(c -> BASE32.indexOf(c) >= 0);
    }

    private int address4(String text, int start, char between, StringBuilder out) {
        int end = start;
        int parts = 0;
        int[] numbers = new int[4];
        while (parts < 4) {
            int from = end;
            int value = 0;
            while (end < text.length() && end - from < 4 && isDigit(text.charAt(end))) {
                value = value * 10 + text.charAt(end++) - '0';
            }
            if (end == from || end - from > 3 || value > 255) {
                return start;
            }
            numbers[parts++] = value;
            if (parts < 4) {
                if (end >= text.length() || text.charAt(end) != between) {
                    return start;
                }
                end++;
            }
        }
        boolean goesOn = end < text.length()
                && (Words.isWord(text.charAt(end))
                        || text.charAt(end) == between && end + 1 < text.length() && isDigit(text.charAt(end + 1)));
        boolean wentBefore = start >= 2 && text.charAt(start - 1) == between && isDigit(text.charAt(start - 2));
        if (goesOn || wentBefore) {
            return start;
        }
        if (between == '.' && text.startsWith(".in-addr.arpa", end)) {
            append(out, addresses.of(of(numbers[3], numbers[2], numbers[1], numbers[0])), between, true);
            return end;
        }
        IpAddress address = of(numbers[0], numbers[1], numbers[2], numbers[3]);
        append(out, prefixed(address, between == '.' ? length(text, end, 32) : Option.none()), between, false);
        return end;
    }

    private static IpAddress of(int a, int b, int c, int d) {
        return IpAddress.v4(a << 24 | b << 16 | c << 8 | d);
    }

    private static void append(StringBuilder out, IpAddress address, char between, boolean reversed) {
        int bits = address.v4Bits();
        for (int i = 0; i < 4; i++) {
            int shift = reversed ? 8 * i : 24 - 8 * i;
            out.append(bits >>> shift & 255);
            if (i < 3) {
                out.append(between);
            }
        }
    }

    private IpAddress prefixed(IpAddress address, Option<Integer> length) {
        return length.map(bits -> addresses.of(new IpPrefix(address, bits))).getOrElse(() -> addresses.of(address));
    }

    /** The length of a prefix behind an address. */
    private static Option<Integer> length(String text, int slash, int most) {
        int end = slash + 1;
        int value = 0;
        while (end < text.length() && end - slash <= 3 && isDigit(text.charAt(end))) {
            value = value * 10 + text.charAt(end++) - '0';
        }
        boolean stands = slash < text.length()
                && text.charAt(slash) == '/'
                && end > slash + 1
                && value <= most
                && (end == text.length() || !Words.isWord(text.charAt(end)) && text.charAt(end) != '.');
        return stands ? Option.some(value) : Option.none();
    }

    private int address6(String text, int start, StringBuilder out) {
        int end = start;
        int colons = 0;
        while (end < text.length() && end - start < LONGEST_ADDRESS && in6(text.charAt(end))) {
            colons += text.charAt(end) == ':' ? 1 : 0;
            end++;
        }
        if (colons < 2 || end < text.length() && Words.isWord(text.charAt(end))) {
            return start;
        }
        // A colon or full stop behind it belongs to the text.
        while (end > start
                && (text.charAt(end - 1) == '.' || text.charAt(end - 1) == ':' && !text.startsWith("::", end - 2))) {
            end--;
        }
        Option<IpAddress> address = IpAddress.parse(text.substring(start, end)).filter(IpAddress::isV6);
        if (address.isEmpty()) {
            return start;
        }
        out.append(prefixed(address.get(), length(text, end, 128)));
        return end;
    }

    private static boolean in6(char c) {
        return isHex(c) || c == ':' || c == '.';
    }

    /** A hardware address; its first three bytes tell the maker, the rest the machine. */
    private int hardware(String text, int start, StringBuilder out) {
        int end = start + 17;
        if (end > text.length() || end < text.length() && Words.isWord(text.charAt(end))) {
            return start;
        }
        for (int i = 0; i < 17; i++) {
            char c = text.charAt(start + i);
            if (i % 3 == 2 ? c != ':' : !isHex(c)) {
                return start;
            }
        }
        String address = text.substring(start, end);
        if (address.equals("00:00:00:00:00:00") || address.equalsIgnoreCase("ff:ff:ff:ff:ff:ff")) {
            out.append(address);
        } else {
            String digits = words.hash(address, "0123456789abcdef");
            for (int i = 0; i < 17; i++) {
                out.append(i < 2 ? "02".charAt(i) : i % 3 == 2 ? ':' : digits.charAt(i));
            }
        }
        return end;
    }

    private int kernel(String text, int start, StringBuilder out) {
        int end = start + 8;
        if (end >= text.length() || Words.isWord(text.charAt(end))) {
            return start;
        }
        for (int i = start; i < end; i++) {
            if (!isHex(text.charAt(i))) {
                return start;
            }
        }
        IpAddress address = IpAddress.v4(Integer.parseUnsignedInt(text.substring(start, end), 16));
        out.append(String.format("%08X", addresses.of(address).v4Bits()));
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHex(char c) {
        return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }
}
