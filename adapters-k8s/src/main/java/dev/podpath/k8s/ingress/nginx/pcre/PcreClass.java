package dev.podpath.k8s.ingress.nginx.pcre;

/** Reads one character class. */
final class PcreClass {
    private final String in;
    private final ByteSet set = new ByteSet();
    private int at;

    /** A class whose opening bracket stands before this offset. */
    PcreClass(String in, int at) {
        this.in = in;
        this.at = at;
    }

    /** Offset behind the closing bracket, once it was read. */
    int end() {
        return at;
    }

    ByteSet read(boolean caseless) throws Unsupported {
        boolean not = peek() == '^';
        if (not) {
            at++;
        }
        boolean first = true;
        while (first || peek() != ']') {
            first = false;
            item();
        }
        at++;
        ByteSet members = caseless ? set.caseless() : set;
        return not ? members.complement() : members;
    }

    private void item() throws Unsupported {
        if (in.startsWith("[:", at) && posix()) {
            return;
        }
        if (peek() == '[' && at + 1 < in.length() && ".=".indexOf(in.charAt(at + 1)) >= 0) {
            throw new Unsupported("the expression uses a collating element");
        }
        if (isSetEscape(at)) {
            set.addAll(ByteSet.ofEscape(in.charAt(at + 1)));
            at += 2;
            return;
        }
        int low = one();
        boolean range = peek() == '-' && at + 1 < in.length() && in.charAt(at + 1) != ']';
        if (!range || isSetEscape(at + 1) || in.startsWith("[:", at + 1)) {
            set.add(low);
            return;
        }
        at++;
        int high = one();
        if (high < low) {
            throw new Unsupported("the expression has a range out of order");
        }
        for (int c = low; c <= high; c++) {
            set.add(c);
        }
    }

    private boolean isSetEscape(int offset) {
        return offset + 1 < in.length()
                && in.charAt(offset) == '\\'
                && "dDwWsShHvV".indexOf(in.charAt(offset + 1)) >= 0;
    }

    /** One character that stands for itself or is escaped. */
    private int one() throws Unsupported {
        char c = peek();
        if (c != '\\') {
            at++;
            return c;
        }
        if (at + 1 >= in.length()) {
            throw new Unsupported("the expression ends in a backslash");
        }
        char next = in.charAt(at + 1);
        if (next == 'b') {
            at += 2;
            return 8;
        }
        if (next >= '1' && next <= '9') {
            throw new Unsupported("the expression uses an octal code without a zero");
        }
        PcreEscape escape = PcreEscape.at(in, at);
        at = escape.end();
        return escape.code();
    }

    private boolean posix() throws Unsupported {
        int end = in.indexOf(":]", at + 2);
        if (end < 0 || end > at + 12) {
            return false;
        }
        boolean not = in.charAt(at + 2) == '^';
        String name = in.substring(not ? at + 3 : at + 2, end);
        if (!name.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
            return false;
        }
        ByteSet members = ByteSet.ofPosix(name);
        set.addAll(not ? members.complement() : members);
        at = end + 2;
        return true;
    }

    private char peek() throws Unsupported {
        if (at >= in.length()) {
            throw new Unsupported("the expression has an unclosed class");
        }
        return in.charAt(at);
    }
}
