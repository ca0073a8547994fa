package dev.podpath.k8s.ingress.nginx.pcre;

/**
 * A backslash sequence that stands for one character, inside or outside a class.
 *
 * @param code the character, 0 to 255
 * @param end offset behind the sequence
 */
record PcreEscape(int code, int end) {
    /** Reads the sequence whose backslash is at this offset; a character follows it. */
    static PcreEscape at(String in, int at) throws Unsupported {
        char c = in.charAt(at + 1);
        return switch (c) {
            case 'a' -> new PcreEscape(7, at + 2);
            case 'e' -> new PcreEscape(27, at + 2);
            case 'f' -> new PcreEscape(12, at + 2);
            case 'n' -> new PcreEscape(10, at + 2);
            case 'r' -> new PcreEscape(13, at + 2);
            case 't' -> new PcreEscape(9, at + 2);
            case 'x' -> hex(in, at);
            case '0' -> octal(in, at);
            default -> {
                if (ByteSet.isLetter(c) || ByteSet.isDigit(c)) {
                    throw new Unsupported("the expression uses '\\" + c + "'");
                }
                yield new PcreEscape(c, at + 2);
            }
        };
    }

    private static PcreEscape hex(String in, int at) throws Unsupported {
        int from = at + 2;
        boolean braces = from < in.length() && in.charAt(from) == '{';
        int i = braces ? from + 1 : from;
        int value = 0;
        int digits = 0;
        while (i < in.length() && digits < 2 && hexDigit(in.charAt(i)) >= 0) {
            value = value * 16 + hexDigit(in.charAt(i));
            i++;
            digits++;
        }
        if (braces && (digits == 0 || i >= in.length() || in.charAt(i) != '}')) {
            throw new Unsupported("the expression uses a character code that is not understood");
        }
        return new PcreEscape(value, braces ? i + 1 : i);
    }

    private static int hexDigit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private static PcreEscape octal(String in, int at) {
        int i = at + 1;
        int value = 0;
        while (i < in.length() && i < at + 4 && in.charAt(i) >= '0' && in.charAt(i) <= '7') {
            value = value * 8 + in.charAt(i) - '0';
            i++;
        }
        return new PcreEscape(value & 0xFF, i);
    }
}
