package dev.podpath.proxy.nftables.parse;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The words of nft's language that a reader acts upon. */
enum Word {
    ACCEPT,
    ADD,
    ADDR,
    AND,
    AUTO_MERGE,
    BYTES,
    CHAIN,
    COMMENT,
    CONTINUE,
    COUNTER,
    COUNT,
    CT,
    DADDR,
    DELETE,
    DESTROY,
    DEVICE,
    DEVICES,
    DIRECTION,
    DNAT,
    DPORT,
    DROP,
    DUP,
    ELEM,
    ELEMENTS,
    EXPIRES,
    FAMILY,
    FIB,
    FLAGS,
    FLOW,
    FLOWTABLE,
    GC_INTERVAL,
    GOTO,
    HANDLE,
    HELPER,
    HOOK,
    ICMP,
    ICMPV6,
    IIF,
    IIFNAME,
    INC,
    INET,
    INTERVAL,
    IP,
    IP6,
    JHASH,
    JUMP,
    L4PROTO,
    LAST,
    LIMIT,
    LOG,
    MAP,
    MARK,
    MASQUERADE,
    META,
    METER,
    MOD,
    NAME,
    NEXTHDR,
    NFPROTO,
    NOTRACK,
    NUMGEN,
    OFFSET,
    OIF,
    OIFNAME,
    OR,
    ORIGINAL,
    OVER,
    PACKETS,
    PERSISTENT,
    POLICY,
    PREFIX,
    PRIORITY,
    PROTOCOL,
    QUEUE,
    QUOTA,
    RANDOM,
    REDIRECT,
    REJECT,
    RETURN,
    SADDR,
    SCTP,
    SEED,
    SET,
    SIZE,
    SNAT,
    SPORT,
    STATE,
    STATUS,
    SYMHASH,
    SYNPROXY,
    SECMARK,
    TABLE,
    TARGET,
    TCP,
    TH,
    TIMEOUT,
    TO,
    TPROXY,
    TYPE,
    TYPEOF,
    UDP,
    UPDATE,
    USED,
    VMAP,
    WITH,
    XOR,
    XT,
    FWD,
    FULLY_RANDOM,
    ELEMENT,
    LEFT,
    RIGHT,
    OP,
    EXPR,
    RULE,
    PAYLOAD,
    FIELD,
    KEY,
    MATCH,
    MANGLE,
    VALUE,
    VAL,
    CONCAT,
    RANGE,
    DATA,
    MODE,
    DIR,
    RESULT,
    PORT,
    LEN,
    PRIO,
    DEV,
    NFTABLES,
    METAINFO,
    STMT,
    TYPE_FLAGS,
    RATE,
    TRUE,
    FALSE,
    NULL,
    INVALID,
    ESTABLISHED,
    RELATED,
    NEW,
    UDPLITE,
    LOCAL,
    /** Any other. */
    OTHER;

    private static final int SLOTS = 1024;
    private static final Word[] SLOTTED = new Word[SLOTS];

    private final byte[] text =
            name().toLowerCase(Locale.ROOT).replace('_', '-').getBytes(StandardCharsets.US_ASCII);

    static {
        for (Word word : values()) {
            if (word == OTHER) {
                continue;
            }
            if (word == TYPE_FLAGS) {
                word.text[4] = '_';
            }
            int slot = slot(hash(word.text, 0, word.text.length));
            while (SLOTTED[slot] != null) {
                slot = (slot + 1) & (SLOTS - 1);
            }
            SLOTTED[slot] = word;
        }
    }

    private static int slot(int hash) {
        return (hash * 0x9E37_79B9) >>> 22;
    }

    /** The hash by which words and names are known. */
    static int hash(byte[] bytes, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum = sum * 31 + bytes[i];
        }
        return sum;
    }

    /** The word at a place; {@link #OTHER} where it is none of these. */
    static Word find(byte[] bytes, int from, int to, int hash) {
        int slot = slot(hash);
        for (Word word = SLOTTED[slot]; word != null; word = SLOTTED[slot]) {
            if (word.is(bytes, from, to)) {
                return word;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return OTHER;
    }

    private boolean is(byte[] bytes, int from, int to) {
        if (to - from != text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
