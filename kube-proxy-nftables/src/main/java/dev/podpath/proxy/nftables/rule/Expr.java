package dev.podpath.proxy.nftables.rule;

/** An expression: something a packet has a value of. */
public abstract sealed class Expr {
    /** Reads a field; {@link Read}. */
    public static final int READ = 0;
    /** A value; {@link Constant}. */
    public static final int CONSTANT = 1;
    /** Bits of a value; {@link Bits}. */
    public static final int BITS = 2;
    /** Several values in a row; {@link Concat}. */
    public static final int CONCAT = 3;
    /** A number by chance or in turn; {@link Numgen}. */
    public static final int NUMGEN = 4;
    /** A hash; {@link Hash}. */
    public static final int HASH = 5;
    /** What a map has for a key; {@link Mapped}. */
    public static final int MAPPED = 6;
    /** One that is not modelled; {@link Opaque}. */
    public static final int OPAQUE = 7;

    private final int kind;

    private Expr(int kind) {
        this.kind = kind;
    }

    /** Which of the kinds it is. */
    public final int kind() {
        return kind;
    }

    /** Type of its values. */
    public abstract DataType type();

    /** Reads a field of the packet. */
    public static final class Read extends Expr {
        private static final Read[] ALL = all();

        private final Selector selector;

        private Read(Selector selector) {
            super(READ);
            this.selector = selector;
        }

        private static Read[] all() {
            Selector[] selectors = Selector.values();
            Read[] reads = new Read[selectors.length];
            for (int i = 0; i < reads.length; i++) {
                reads[i] = new Read(selectors[i]);
            }
            return reads;
        }

        /** Reads this. */
        public static Read of(Selector selector) {
            return ALL[selector.ordinal()];
        }

        /** What it reads. */
        public Selector selector() {
            return selector;
        }

        @Override
        public DataType type() {
            return selector.type();
        }
    }

    /** A value. */
    public static final class Constant extends Expr {
        private final DataType type;
        private final long high;
        private final long low;

        /** A value of a type. */
        public Constant(DataType type, long high, long low) {
            super(CONSTANT);
            this.type = type;
            this.high = high;
            this.low = low;
        }

        @Override
        public DataType type() {
            return type;
        }

        /** First word. */
        public long high() {
            return high;
        }

        /** Second word. */
        public long low() {
            return low;
        }
    }

    /** Operations on bits. */
    public enum BitOp {
        /** The bits both have. */
        AND("&"),
        /** The bits one has. */
        OR("|"),
        /** The bits only one has. */
        XOR("^"),
        /** Moved up. */
        LEFT("<<"),
        /** Moved down. */
        RIGHT(">>");

        private final String text;

        BitOp(String text) {
            this.text = text;
        }

        /** As nft writes it. */
        public String text() {
            return text;
        }
    }

    /** Bits of a value and another. */
    public static final class Bits extends Expr {
        private final BitOp op;
        private final Expr left;
        private final Expr right;

        /** Combines two. */
        public Bits(BitOp op, Expr left, Expr right) {
            super(BITS);
            this.op = op;
            this.left = left;
            this.right = right;
        }

        /** How. */
        public BitOp op() {
            return op;
        }

        /** The first. */
        public Expr left() {
            return left;
        }

        /** The second. */
        public Expr right() {
            return right;
        }

        @Override
        public DataType type() {
            return left.type();
        }
    }

    /** Several values in a row. */
    public static final class Concat extends Expr {
        private final Expr[] parts;

        /** A row of these; at least two. The array is taken over. */
        @SuppressWarnings("EI_EXPOSE_REP2")
        public Concat(Expr[] parts) {
            super(CONCAT);
            this.parts = parts;
        }

        /** How many there are. */
        public int size() {
            return parts.length;
        }

        /** One of them. */
        public Expr part(int i) {
            return parts[i];
        }

        @Override
        public DataType type() {
            return parts[0].type();
        }
    }

    /**
     * A number by chance, or one after another (net/netfilter/nft_numgen.c): {@code reciprocal_scale} of 32 random bits,
     * or a counter that every packet moves on.
     */
    public static final class Numgen extends Expr {
        private final boolean random;
        private final long modulus;
        private final long offset;

        /** One of {@code modulus} numbers from {@code offset} on; the modulus is 1 or more. */
        public Numgen(boolean random, long modulus, long offset) {
            super(NUMGEN);
            this.random = random;
            this.modulus = modulus;
            this.offset = offset;
        }

        /** Whether by chance. */
        public boolean random() {
            return random;
        }

        /** How many numbers there are. */
        public long modulus() {
            return modulus;
        }

        /** The lowest. */
        public long offset() {
            return offset;
        }

        /**
         * How many of {@link #outcomes()} equally likely outcomes give a number below {@code offset + count}: exact, as the
         * kernel scales.
         */
        public long below(long count) {
            if (count <= 0) {
                return 0;
            }
            if (count >= modulus) {
                return outcomes();
            }
            return random ? ((count << 32) + modulus - 1) / modulus : count;
        }

        /** How many equally likely outcomes there are. */
        public long outcomes() {
            return random ? 1L << 32 : modulus;
        }

        @Override
        public DataType type() {
            return DataType.INTEGER;
        }
    }

    /** A hash of a packet's fields. Which value it gives a packet is not modelled. */
    public static final class Hash extends Expr {
        private final String text;
        private final long modulus;
        private final long offset;

        /** A hash, as nft writes it. */
        public Hash(String text, long modulus, long offset) {
            super(HASH);
            this.text = text;
            this.modulus = modulus;
            this.offset = offset;
        }

        /** As nft writes it. */
        public String text() {
            return text;
        }

        /** How many values there are. */
        public long modulus() {
            return modulus;
        }

        /** The lowest. */
        public long offset() {
            return offset;
        }

        @Override
        public DataType type() {
            return DataType.INTEGER;
        }
    }

    /** What a map has for a key. */
    public static final class Mapped extends Expr {
        private final Expr key;
        private final Content content;

        /** The value a map has for a key. */
        public Mapped(Expr key, Content content) {
            super(MAPPED);
            this.key = key;
            this.content = content;
        }

        /** The key. */
        public Expr key() {
            return key;
        }

        /** The map. */
        public Content content() {
            return content;
        }

        @Override
        public DataType type() {
            return DataType.OTHER;
        }
    }

    /** One that is not modelled. */
    public static final class Opaque extends Expr {
        private final String text;

        /** As the document has it. */
        public Opaque(String text) {
            super(OPAQUE);
            this.text = text;
        }

        /** As the document has it. */
        public String text() {
            return text;
        }

        @Override
        public DataType type() {
            return DataType.OTHER;
        }
    }
}
