package dev.podpath.proxy.nftables.rule;

/** What to do with a packet, packed in a number: the kind in the lowest four bits, a chain above. */
public final class Verdict {
    /** On with the rest of the rule. */
    public static final int CONTINUE = 0;
    /** The base chain lets it pass. */
    public static final int ACCEPT = 1;
    /** It is discarded. */
    public static final int DROP = 2;
    /** Back to where the last jump came from. */
    public static final int RETURN = 3;
    /** On in a chain, and back after it. */
    public static final int JUMP = 4;
    /** On in a chain. */
    public static final int GOTO = 5;
    /** To a program. */
    public static final int QUEUE = 6;

    private static final String[] TEXT = {"continue", "accept", "drop", "return", "jump", "goto", "queue"};

    private Verdict() {}

    /** Packs a kind and the number of a chain. */
    public static int of(int kind, int chain) {
        return chain << 4 | kind;
    }

    /** The kind. */
    public static int kind(int verdict) {
        return verdict & 0xF;
    }

    /** The number of the chain. */
    public static int chain(int verdict) {
        return verdict >>> 4;
    }

    /** As nft writes it, without the chain. */
    public static String text(int verdict) {
        return TEXT[kind(verdict)];
    }
}
