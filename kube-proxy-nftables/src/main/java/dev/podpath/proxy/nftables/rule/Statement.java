package dev.podpath.proxy.nftables.rule;

import io.vavr.collection.Vector;

/** A statement of a rule: a question about the packet, or something done with it. */
public abstract sealed class Statement {
    /** {@link Compare}. */
    public static final int COMPARE = 0;
    /** {@link Lookup}. */
    public static final int LOOKUP = 1;
    /** {@link VerdictMap}. */
    public static final int VERDICT_MAP = 2;
    /** {@link Decide}. */
    public static final int DECIDE = 3;
    /** {@link Nat}. */
    public static final int NAT = 4;
    /** {@link Reject}. */
    public static final int REJECT = 5;
    /** {@link Mangle}. */
    public static final int MANGLE = 6;
    /** {@link Update}. */
    public static final int UPDATE = 7;
    /** {@link Notrack}. */
    public static final int NOTRACK = 8;
    /** {@link Neutral}. */
    public static final int NEUTRAL = 9;
    /** {@link Uncertain}. */
    public static final int UNCERTAIN = 10;
    /** {@link Unsupported}. */
    public static final int UNSUPPORTED = 11;

    private final int kind;

    private Statement(int kind) {
        this.kind = kind;
    }

    /** Which of the kinds it is. */
    public final int kind() {
        return kind;
    }

    /** How two values are compared. */
    public enum Op {
        /** In the range; {@code ==} or nothing. */
        EQ(""),
        /** Not in the range. */
        NEQ("!= "),
        /** Below. */
        LT("< "),
        /** Above. */
        GT("> "),
        /** Not above. */
        LE("<= "),
        /** Not below. */
        GE(">= "),
        /** Any of these bits is set. */
        ANY(""),
        /** None of these bits is set. */
        NONE("! ");

        private final String text;

        Op(String text) {
            this.text = text;
        }

        /** As nft writes it, with a blank after it. */
        String text() {
            return text;
        }
    }

    /** A value is compared with a range. */
    public static final class Compare extends Statement {
        private final Expr left;
        private final Op op;
        private final long firstHigh;
        private final long firstLow;
        private final long lastHigh;
        private final long lastLow;

        /** The value and the range. */
        public Compare(Expr left, Op op, long firstHigh, long firstLow, long lastHigh, long lastLow) {
            super(COMPARE);
            this.left = left;
            this.op = op;
            this.firstHigh = firstHigh;
            this.firstLow = firstLow;
            this.lastHigh = lastHigh;
            this.lastLow = lastLow;
        }

        /** What is compared. */
        public Expr left() {
            return left;
        }

        /** How. */
        public Op op() {
            return op;
        }

        /** Lowest value, first word. */
        public long firstHigh() {
            return firstHigh;
        }

        /** Lowest value, second word. */
        public long firstLow() {
            return firstLow;
        }

        /** Highest value, first word. */
        public long lastHigh() {
            return lastHigh;
        }

        /** Highest value, second word. */
        public long lastLow() {
            return lastLow;
        }
    }

    /** A value is looked up in a set. */
    public static final class Lookup extends Statement {
        private final Expr key;
        private final boolean negated;
        private final Content content;

        /** The value and the set. */
        public Lookup(Expr key, boolean negated, Content content) {
            super(LOOKUP);
            this.key = key;
            this.negated = negated;
            this.content = content;
        }

        /** What is looked up. */
        public Expr key() {
            return key;
        }

        /** Whether it must not be there. */
        public boolean negated() {
            return negated;
        }

        /** The set. */
        public Content content() {
            return content;
        }
    }

    /** A value is looked up in a map of verdicts. */
    public static final class VerdictMap extends Statement {
        private final Expr key;
        private final Content content;

        /** The value and the map. */
        public VerdictMap(Expr key, Content content) {
            super(VERDICT_MAP);
            this.key = key;
            this.content = content;
        }

        /** What is looked up. */
        public Expr key() {
            return key;
        }

        /** The map. */
        public Content content() {
            return content;
        }
    }

    /** A verdict. */
    public static final class Decide extends Statement {
        private final int verdict;

        /** Packed by {@link Verdict}. */
        public Decide(int verdict) {
            super(DECIDE);
            this.verdict = verdict;
        }

        /** Packed by {@link Verdict}. */
        public int verdict() {
            return verdict;
        }
    }

    /** Kinds of translation. */
    public enum NatKind {
        /** The destination becomes another. */
        DNAT,
        /** The source becomes another. */
        SNAT,
        /** The source becomes that of the output interface. */
        MASQUERADE,
        /** The destination becomes the node. */
        REDIRECT
    }

    /**
     * Addresses or ports get other values.
     *
     * <p>Address and port are expressions or ranges of constants; a map may give both at once.
     */
    public static final class Nat extends Statement {
        private final NatKind nat;
        private final String family;
        private final Vector<Expr> address;
        private final Vector<Expr> port;
        private final String flags;

        /**
         * What becomes what.
         *
         * @param nat the kind
         * @param family {@code ip} or {@code ip6} in tables of both, else empty text
         * @param address none, one, or the two ends of a range
         * @param port likewise
         * @param flags as nft writes them, {@code random,persistent}
         */
        public Nat(NatKind nat, String family, Vector<Expr> address, Vector<Expr> port, String flags) {
            super(NAT);
            this.nat = nat;
            this.family = family;
            this.address = address;
            this.port = port;
            this.flags = flags;
        }

        /** The kind. */
        public NatKind nat() {
            return nat;
        }

        /** The family it is for, in tables of both. */
        public String family() {
            return family;
        }

        /** None, one, or the two ends of a range. */
        public Vector<Expr> address() {
            return address;
        }

        /** None, one, or the two ends of a range. */
        public Vector<Expr> port() {
            return port;
        }

        /** As nft writes them. */
        public String flags() {
            return flags;
        }
    }

    /** The sender is told that nobody is there. */
    public static final class Reject extends Statement {
        private final String with;

        /** As nft writes it after {@code with}; empty text for the default. */
        public Reject(String with) {
            super(REJECT);
            this.with = with;
        }

        /** As nft writes it after {@code with}; empty text for the default. */
        public String with() {
            return with;
        }
    }

    /** A mark gets another value. */
    public static final class Mangle extends Statement {
        private final Selector mark;
        private final Expr value;

        /** The mark of the packet or of the connection. */
        public Mangle(Selector mark, Expr value) {
            super(MANGLE);
            this.mark = mark;
            this.value = value;
        }

        /** Which mark. */
        public Selector mark() {
            return mark;
        }

        /** What it becomes. */
        public Expr value() {
            return value;
        }
    }

    /** The packet adds to a set or takes from it. */
    public static final class Update extends Statement {
        private final String op;
        private final NamedSet set;
        private final Expr key;
        private final int timeout;

        /** {@code add}, {@code update} or {@code delete}; a timeout of 0 is the set's own. */
        public Update(String op, NamedSet set, Expr key, int timeout) {
            super(UPDATE);
            this.op = op;
            this.set = set;
            this.key = key;
            this.timeout = timeout;
        }

        /** What it does. */
        public String op() {
            return op;
        }

        /** The set. */
        public NamedSet set() {
            return set;
        }

        /** The element. */
        public Expr key() {
            return key;
        }

        /** Seconds; 0 for the set's own. */
        public int timeout() {
            return timeout;
        }
    }

    /** The packet belongs to no connection from here on. */
    public static final class Notrack extends Statement {
        /** Made once. */
        public static final Notrack INSTANCE = new Notrack();

        private Notrack() {
            super(NOTRACK);
        }
    }

    /** Changes nothing about where the packet goes: it counts, logs, classifies. */
    public static final class Neutral extends Statement {
        private final String text;

        /** As the document has it. */
        public Neutral(String text) {
            super(NEUTRAL);
            this.text = text;
        }

        /** As the document has it. */
        public String text() {
            return text;
        }
    }

    /** A question that cannot be answered. */
    public static final class Uncertain extends Statement {
        private final String text;
        private final boolean rate;

        /** The question, and whether it depends on how many packets there are. */
        public Uncertain(String text, boolean rate) {
            super(UNCERTAIN);
            this.text = text;
            this.rate = rate;
        }

        /** As the document has it. */
        public String text() {
            return text;
        }

        /** Whether it depends on how many packets there are. */
        public boolean rate() {
            return rate;
        }
    }

    /** Something is done that is not modelled. */
    public static final class Unsupported extends Statement {
        private final String text;

        /** As the document has it. */
        public Unsupported(String text) {
            super(UNSUPPORTED);
            this.text = text;
        }

        /** As the document has it. */
        public String text() {
            return text;
        }
    }
}
