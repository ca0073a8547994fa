package dev.podpath.k8s.ingress.nginx.pcre;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads an expression (pcre2pattern(3)); what is not read faithfully is refused. */
final class PcreParser {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_REPEAT = 65_535;

    private final String in;
    private final Map<String, Integer> names = new HashMap<>();
    private int at;
    private int groups;
    private int depth;
    private boolean caseless;
    private boolean dotAll;
    private boolean multiline;

    PcreParser(String in, boolean caseless) {
        this.in = in;
        this.caseless = caseless;
    }

    /** Numbers of the named groups. */
    Map<String, Integer> names() {
        return names;
    }

    /** How many capturing groups there are. */
    int groups() {
        return groups;
    }

    Node parse() throws Unsupported {
        Node node = choice();
        if (at < in.length()) {
            throw new Unsupported("the expression has a ')' that closes nothing");
        }
        return node;
    }

    private Node choice() throws Unsupported {
        List<Node> parts = new ArrayList<>();
        parts.add(sequence());
        while (at < in.length() && in.charAt(at) == '|') {
            at++;
            parts.add(sequence());
        }
        return parts.size() == 1 ? parts.get(0) : new Node.Choice(List.copyOf(parts));
    }

    private Node sequence() throws Unsupported {
        List<Node> parts = new ArrayList<>();
        while (at < in.length() && in.charAt(at) != '|' && in.charAt(at) != ')') {
            if (in.startsWith("\\Q", at)) {
                quote(parts);
            } else if (in.startsWith("\\E", at)) {
                at += 2;
            } else if (in.startsWith("(?#", at)) {
                int end = in.indexOf(')', at);
                if (end < 0) {
                    throw new Unsupported("the expression has an unclosed comment");
                }
                at = end + 1;
            } else if (!options()) {
                parts.add(quantified(atom()));
            }
        }
        return parts.size() == 1 ? parts.get(0) : new Node.Sequence(List.copyOf(parts));
    }

    /** Literal text; a quantifier behind it belongs to its last character. */
    private void quote(List<Node> parts) throws Unsupported {
        int end = in.indexOf("\\E", at + 2);
        int stop = end < 0 ? in.length() : end;
        for (int i = at + 2; i < stop; i++) {
            parts.add(chars(ByteSet.one(in.charAt(i))));
        }
        boolean any = stop > at + 2;
        at = end < 0 ? stop : end + 2;
        if (any) {
            parts.add(quantified(parts.remove(parts.size() - 1)));
        }
    }

    /** {@code (?i)}, which holds to the end of the group it is in. */
    private boolean options() throws Unsupported {
        if (!in.startsWith("(?", at)) {
            return false;
        }
        int end = endOfOptions();
        if (end < 0 || in.charAt(end) != ')') {
            return false;
        }
        setOptions(at + 2, end);
        at = end + 1;
        return true;
    }

    private int endOfOptions() {
        int i = at + 2;
        while (i < in.length() && "ims-".indexOf(in.charAt(i)) >= 0) {
            i++;
        }
        return i > at + 2 && i < in.length() && (in.charAt(i) == ')' || in.charAt(i) == ':') ? i : -1;
    }

    private void setOptions(int from, int to) {
        boolean on = true;
        for (int i = from; i < to; i++) {
            switch (in.charAt(i)) {
                case 'i' -> caseless = on;
                case 's' -> dotAll = on;
                case 'm' -> multiline = on;
                default -> on = false;
            }
        }
    }

    private Node atom() throws Unsupported {
        char c = in.charAt(at);
        switch (c) {
            case '(' -> {
                return group();
            }
            case '[' -> {
                PcreClass set = new PcreClass(in, at + 1);
                ByteSet members = set.read(caseless);
                at = set.end();
                return new Node.Chars(members);
            }
            case '\\' -> {
                return escape();
            }
            case '.' -> {
                at++;
                return new Node.Chars(ByteSet.of(each -> dotAll || each != '\n'));
            }
            case '^' -> {
                at++;
                return new Node.Assert(multiline ? Node.At.LINE_START : Node.At.START);
            }
            case '$' -> {
                at++;
                return new Node.Assert(multiline ? Node.At.LINE_END : Node.At.END);
            }
            case '*', '+', '?' -> throw new Unsupported("the expression repeats nothing");
            default -> {
                at++;
                return chars(ByteSet.one(c));
            }
        }
    }

    private Node chars(ByteSet set) {
        return new Node.Chars(caseless ? set.caseless() : set);
    }

    private Node quantified(Node atom) throws Unsupported {
        if (at >= in.length()) {
            return atom;
        }
        int least;
        int most;
        switch (in.charAt(at)) {
            case '*' -> {
                least = 0;
                most = -1;
            }
            case '+' -> {
                least = 1;
                most = -1;
            }
            case '?' -> {
                least = 0;
                most = 1;
            }
            case '{' -> {
                int end = in.indexOf('}', at);
                int[] bounds = bounds(end < 0 ? "" : in.substring(at + 1, end));
                if (bounds.length == 0) {
                    return atom;
                }
                least = bounds[0];
                most = bounds[1];
                at = end;
            }
            default -> {
                return atom;
            }
        }
        at++;
        char mode = at < in.length() ? in.charAt(at) : ' ';
        if (mode == '?' || mode == '+') {
            at++;
        }
        Node repeat = new Node.Repeat(atom, least, most, mode == '?');
        Node done = mode == '+' ? new Node.Atomic(repeat) : repeat;
        if (at < in.length() && "*+?".indexOf(in.charAt(at)) >= 0) {
            throw new Unsupported("the expression repeats a repetition");
        }
        return at < in.length() && in.charAt(at) == '{' ? again(done) : done;
    }

    /** {@code a{2}{3}}, which PCRE takes for {@code (?:a{2}){3}}. */
    private Node again(Node repeat) throws Unsupported {
        if (++depth > MAX_DEPTH) {
            throw new Unsupported("the expression nests more than " + MAX_DEPTH + " deep");
        }
        Node node = quantified(repeat);
        depth--;
        return node;
    }

    /** The two bounds, or nothing where the brace stands for itself. */
    private static int[] bounds(String body) throws Unsupported {
        if (body.startsWith(",") && digits(body.substring(1))) {
            throw new Unsupported("'{" + body + "}' has not the same meaning in every version of PCRE");
        }
        int comma = body.indexOf(',');
        String low = comma < 0 ? body : body.substring(0, comma);
        String high = comma < 0 ? low : body.substring(comma + 1);
        if (!digits(low) || !high.isEmpty() && !digits(high)) {
            return new int[0];
        }
        int least = Integer.parseInt(low);
        int most = high.isEmpty() ? -1 : Integer.parseInt(high);
        if (least > MAX_REPEAT || most > MAX_REPEAT || most >= 0 && most < least) {
            throw new Unsupported("the expression has the repetition {" + body + "}");
        }
        return new int[] {least, most};
    }

    private static boolean digits(String text) {
        return !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(ByteSet::isDigit);
    }

    private Node group() throws Unsupported {
        if (++depth > MAX_DEPTH) {
            throw new Unsupported("the expression nests more than " + MAX_DEPTH + " deep");
        }
        boolean i = caseless;
        boolean s = dotAll;
        boolean m = multiline;
        Node node = opened();
        if (at >= in.length()) {
            throw new Unsupported("the expression has an unclosed group");
        }
        at++;
        caseless = i;
        dotAll = s;
        multiline = m;
        depth--;
        return node;
    }

    /** Reads a group up to its closing parenthesis. */
    private Node opened() throws Unsupported {
        if (in.startsWith("(*", at)) {
            throw new Unsupported("the expression uses a verb '(*'");
        }
        if (!in.startsWith("(?", at)) {
            at++;
            return captured();
        }
        if (skip("(?:")) {
            return choice();
        }
        if (skip("(?>")) {
            return new Node.Atomic(choice());
        }
        if (skip("(?=")) {
            return new Node.Look(choice(), false);
        }
        if (skip("(?!")) {
            return new Node.Look(choice(), true);
        }
        if (skip("(?<=")) {
            return new Node.Look(behind(choice()), false);
        }
        if (skip("(?<!")) {
            return new Node.Look(behind(choice()), true);
        }
        if (skip("(?P=")) {
            int end = Math.max(at, in.indexOf(')', at));
            Node reference = reference(in.substring(at, end));
            at = end;
            return reference;
        }
        if (skip("(?P<") || skip("(?<")) {
            return named('>');
        }
        if (skip("(?'")) {
            return named('\'');
        }
        int end = endOfOptions();
        if (end < 0) {
            throw new Unsupported("the expression uses '" + in.substring(at, Math.min(in.length(), at + 4)) + "'");
        }
        setOptions(at + 2, end);
        at = end + 1;
        return choice();
    }

    private boolean skip(String text) {
        boolean here = in.startsWith(text, at);
        at += here ? text.length() : 0;
        return here;
    }

    private Node captured() throws Unsupported {
        int number = ++groups;
        return new Node.Group(number, choice());
    }

    private Node named(char closing) throws Unsupported {
        int end = in.indexOf(closing, at);
        String name = end < 0 ? "" : in.substring(at, end);
        boolean valid = !name.isEmpty()
                && name.length() <= 128
                && !ByteSet.isDigit(name.charAt(0))
                && name.chars().allMatch(ByteSet::isWord);
        if (!valid) {
            throw new Unsupported("the expression has a group whose name is not understood");
        }
        if (names.putIfAbsent(name, groups + 1) != null) {
            throw new Unsupported("the expression has two groups called " + name);
        }
        at = end + 1;
        return captured();
    }

    /** Each alternative goes back by its own width, which must be fixed. */
    private static Node behind(Node node) throws Unsupported {
        List<Node> alternatives = node instanceof Node.Choice choice ? choice.parts() : List.of(node);
        List<Node> parts = new ArrayList<>();
        for (Node alternative : alternatives) {
            int width = Node.width(alternative);
            if (width < 0) {
                throw new Unsupported("the expression looks behind by a width that is not fixed");
            }
            parts.add(new Node.Sequence(List.of(new Node.Back(width), alternative)));
        }
        return parts.size() == 1 ? parts.get(0) : new Node.Choice(List.copyOf(parts));
    }

    private Node escape() throws Unsupported {
        if (at + 1 >= in.length()) {
            throw new Unsupported("the expression ends in a backslash");
        }
        char c = in.charAt(at + 1);
        if ("dDwWsShHvV".indexOf(c) >= 0) {
            at += 2;
            return new Node.Chars(ByteSet.ofEscape(c));
        }
        switch (c) {
            case 'A', 'Z', 'z', 'b', 'B' -> {
                at += 2;
                return new Node.Assert(
                        switch (c) {
                            case 'A' -> Node.At.START;
                            case 'Z' -> Node.At.END;
                            case 'z' -> Node.At.VERY_END;
                            case 'b' -> Node.At.WORD_EDGE;
                            default -> Node.At.NO_WORD_EDGE;
                        });
            }
            case 'N' -> {
                at += 2;
                return new Node.Chars(ByteSet.one('\n').complement());
            }
            case 'k' -> {
                return namedReference();
            }
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                return numbered();
            }
            default -> {
                PcreEscape escape = PcreEscape.at(in, at);
                at = escape.end();
                return chars(ByteSet.one(escape.code()));
            }
        }
    }

    private Node namedReference() throws Unsupported {
        char opening = at + 2 < in.length() ? in.charAt(at + 2) : ' ';
        int pair = "<{'".indexOf(opening);
        int end = pair < 0 ? -1 : in.indexOf(">}'".charAt(pair), at + 3);
        if (end < 0) {
            throw new Unsupported("the expression has a reference that is not understood");
        }
        Node reference = reference(in.substring(at + 3, end));
        at = end + 1;
        return reference;
    }

    private Node reference(String name) throws Unsupported {
        Integer number = names.get(name);
        if (number == null) {
            throw new Unsupported("the expression refers to a group '" + name + "' that does not come before");
        }
        return new Node.Reference(number, caseless);
    }

    private Node numbered() throws Unsupported {
        int end = at + 1;
        while (end < in.length() && ByteSet.isDigit(in.charAt(end))) {
            end++;
        }
        int number = end - at > 4 ? Integer.MAX_VALUE : Integer.parseInt(in.substring(at + 1, end));
        if (number > groups) {
            throw new Unsupported("the expression refers to a group that does not come before");
        }
        at = end;
        return new Node.Reference(number, caseless);
    }
}
