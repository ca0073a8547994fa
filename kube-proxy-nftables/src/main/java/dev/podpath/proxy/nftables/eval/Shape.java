package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.proxy.WordShapes;
import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.Content;
import dev.podpath.proxy.nftables.rule.Elements;
import dev.podpath.proxy.nftables.rule.Expr;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Rule;
import dev.podpath.proxy.nftables.rule.Statement;
import dev.podpath.proxy.nftables.rule.Table;
import dev.podpath.proxy.nftables.rule.Verdict;
import java.util.Arrays;

/**
 * What the elements for one destination and the chains they lead to are but for their addresses and the names of chains and sets:
 * each of these is numbered by where it is met first. The words hold, too, all that shared rules and the node's network can tell
 * of the addresses, so that packets to two destinations with the same words end the same but for the numbered addresses.
 *
 * <p>Only questions and actions of which that is certain are read. For use by one thread at a time, again and again.
 */
final class Shape {
    private static final int MOST_ADDRESSES = 64;
    private static final int MOST_CHAINS = 128;
    private static final int MOST_WORDS = 8_192;
    private static final int MOST_ELEMENTS = 64;
    private static final int DEEPEST = 12;

    /** What a word means that is followed by others. */
    private static final int AGAIN = -1;

    private static final int SHARED = -2;
    private static final int NEW = -3;
    private static final int SINGLE = -4;
    private static final int RANGE = -5;
    private static final int WIDE = -6;
    private static final int END = -7;

    private final SharedRules shared;
    private final Keys keys;
    private int[] words = new int[256];
    private int count;
    private final long[] high = new long[MOST_ADDRESSES];
    private final long[] low = new long[MOST_ADDRESSES];
    private int addresses;
    private final Chain[] chains = new Chain[MOST_CHAINS];
    private int chainCount;
    private final NamedSet[] sets = new NamedSet[MOST_CHAINS];
    private int setCount;
    /** Ranges that these rules ask for, four words each. */
    private final long[] ranges = new long[4 * MOST_ADDRESSES];

    private int rangeCount;
    private boolean failed;

    Shape(SharedRules shared, Keys keys) {
        this.shared = shared;
        this.keys = keys;
    }

    /** Begins with a destination. */
    void begin(long toHigh, long toLow) {
        count = 0;
        addresses = 0;
        Arrays.fill(chains, 0, chainCount, null);
        Arrays.fill(sets, 0, setCount, null);
        chainCount = 0;
        setCount = 0;
        rangeCount = 0;
        failed = !shared.isUsable();
        address(toHigh, toLow);
    }

    /** Reads an element for the destination, of the set or map with this number. */
    void element(int number, int element) {
        SharedRules.Named named = shared.named().get(number);
        Elements elements = named.elements();
        add(number);
        for (int field = 0; field < elements.width(); field++) {
            if (field != named.field()) {
                value(elements.firstHigh(element, field), elements.firstLow(element, field));
            }
        }
        switch (named.role()) {
            case MEMBER -> {}
            case VERDICT -> verdict(named.table(), elements.verdict(element), 0);
            case TARGET -> {
                add(elements.dataWidth());
                if (elements.dataWidth() > 0) {
                    target(elements.dataHigh(element, 0), elements.dataLow(element, 0));
                }
                if (elements.dataWidth() > 1) {
                    value(elements.dataHigh(element, 1), elements.dataLow(element, 1));
                }
            }
        }
    }

    /** Ends the words with what shared rules say of the addresses; false where something was met that is not read. */
    boolean end() {
        add(END);
        for (int i = 0; i < addresses && !failed; i++) {
            add(shared.kind(high[i], low[i]));
            for (int range = 0; range < rangeCount; range++) {
                int at = 4 * range;
                boolean within = Elements.compare(high[i], low[i], ranges[at], ranges[at + 1]) >= 0
                        && Elements.compare(high[i], low[i], ranges[at + 2], ranges[at + 3]) <= 0;
                add(within ? 1 : 0);
            }
        }
        return !failed;
    }

    /** Whether packets to the destination, or on to one of the other addresses, meet more than the shared rules. */
    boolean isGuarded() {
        for (int i = 0; i < addresses; i++) {
            if (shared.isGuarded(high[i], low[i])) {
                return true;
            }
        }
        return false;
    }

    /** The shape among others. */
    Object of(WordShapes shapes) {
        return shapes.of(words, count);
    }

    /** Both halves of each address; the first is the destination. */
    long[] addresses() {
        long[] all = new long[2 * addresses];
        for (int i = 0; i < addresses; i++) {
            all[2 * i] = high[i];
            all[2 * i + 1] = low[i];
        }
        return all;
    }

    private void verdict(Table table, int verdict, int depth) {
        int kind = Verdict.kind(verdict);
        add(kind);
        if (kind == Verdict.JUMP || kind == Verdict.GOTO) {
            chain(table.chain(Verdict.chain(verdict)), depth);
        } else {
            failed |= kind == Verdict.QUEUE;
        }
    }

    private void chain(Chain chain, int depth) {
        if (shared.isShared(chain)) {
            add(SHARED);
            add(chain.number());
            return;
        }
        for (int i = 0; i < chainCount; i++) {
            if (chains[i] == chain) {
                add(AGAIN);
                add(i);
                return;
            }
        }
        failed |= !chain.isDefined() || chainCount == MOST_CHAINS || depth == DEEPEST;
        if (failed) {
            return;
        }
        chains[chainCount++] = chain;
        add(NEW);
        add(chain.size());
        for (int rule = 0; rule < chain.size() && !failed; rule++) {
            rule(chain, chain.rule(rule), depth);
        }
    }

    private void rule(Chain chain, Rule rule, int depth) {
        add(rule.size());
        for (int i = 0; i < rule.size() && !failed; i++) {
            Statement statement = rule.statement(i);
            add(statement.kind());
            switch (statement.kind()) {
                case Statement.COMPARE -> compare((Statement.Compare) statement);
                case Statement.LOOKUP -> lookup((Statement.Lookup) statement);
                case Statement.VERDICT_MAP -> map(chain, (Statement.VerdictMap) statement, depth);
                case Statement.DECIDE -> verdict(chain.table(), ((Statement.Decide) statement).verdict(), depth + 1);
                case Statement.NAT -> nat((Statement.Nat) statement);
                case Statement.REJECT -> add(shared.number(((Statement.Reject) statement).with()));
                case Statement.MANGLE -> {
                    add(shared.number(((Statement.Mangle) statement).mark().text()));
                    expression(((Statement.Mangle) statement).value());
                }
                case Statement.UPDATE -> set(((Statement.Update) statement).set());
                case Statement.NOTRACK, Statement.NEUTRAL -> {}
                default -> failed = true;
            }
        }
    }

    private void compare(Statement.Compare compare) {
        add(shared.number(compare.op().name()));
        if (!SharedRules.isAddress(compare.left())) {
            expression(compare.left());
            value(compare.firstHigh(), compare.firstLow());
            value(compare.lastHigh(), compare.lastLow());
            return;
        }
        failed |= compare.op() != Statement.Op.EQ && compare.op() != Statement.Op.NEQ;
        expression(compare.left());
        range(compare.firstHigh(), compare.firstLow(), compare.lastHigh(), compare.lastLow());
    }

    /** Addresses that are asked for: one, which is numbered, or several, which stay as they are. */
    private void range(long fromHigh, long fromLow, long toHigh, long toLow) {
        if (fromHigh == toHigh && fromLow == toLow) {
            add(SINGLE);
            add(address(fromHigh, fromLow));
            return;
        }
        add(RANGE);
        value(fromHigh, fromLow);
        value(toHigh, toLow);
        if (rangeCount == MOST_ADDRESSES) {
            failed = true;
            return;
        }
        int at = 4 * rangeCount++;
        ranges[at] = fromHigh;
        ranges[at + 1] = fromLow;
        ranges[at + 2] = toHigh;
        ranges[at + 3] = toLow;
    }

    private void lookup(Statement.Lookup lookup) {
        add(lookup.negated() ? 1 : 0);
        Content content = lookup.content();
        if (content instanceof NamedSet set) {
            failed |= !set.isKnown();
            if (set.isUpdated()) {
                // What is asked is not compared with the elements, which earlier packets made.
                set(set);
                add(set.definition().timeout());
                add(set.elements().otherwise() < 0 ? 0 : 1);
                failed |= lookup.key().kind() != Expr.READ;
                return;
            }
        }
        Elements elements = content.elements();
        failed |= elements.width() != 1 || elements.size() > MOST_ELEMENTS || elements.otherwise() >= 0;
        expression(lookup.key());
        add(elements.size());
        boolean address = SharedRules.isAddress(lookup.key());
        for (int i = 0; i < elements.size() && !failed; i++) {
            if (address) {
                range(
                        elements.firstHigh(i, 0),
                        elements.firstLow(i, 0),
                        elements.lastHigh(i, 0),
                        elements.lastLow(i, 0));
            } else {
                value(elements.firstHigh(i, 0), elements.firstLow(i, 0));
                value(elements.lastHigh(i, 0), elements.lastLow(i, 0));
            }
        }
    }

    private void map(Chain chain, Statement.VerdictMap map, int depth) {
        Elements elements = map.content().elements();
        boolean plain = map.content() instanceof Elements && map.key().kind() == Expr.NUMGEN;
        failed |= !plain || elements.size() > MOST_ELEMENTS;
        if (failed) {
            return;
        }
        expression(map.key());
        add(elements.size());
        add(elements.otherwise());
        for (int i = 0; i < elements.size() && !failed; i++) {
            value(elements.firstHigh(i, 0), elements.firstLow(i, 0));
            value(elements.lastHigh(i, 0), elements.lastLow(i, 0));
            verdict(chain.table(), elements.verdict(i), depth + 1);
        }
    }

    private void nat(Statement.Nat nat) {
        add(shared.number(nat.nat().name()));
        add(shared.number(nat.family()));
        add(nat.address().size());
        add(nat.port().size());
        if (nat.address().size() == 1 && nat.address().head() instanceof Expr.Constant to) {
            target(to.high(), to.low());
        } else {
            failed |= !nat.address().isEmpty();
        }
        nat.port().forEach(this::expression);
    }

    /** An address that a packet gets; one with elements of its own would have to be read as well. */
    private void target(long toHigh, long toLow) {
        failed |= keys.find(toHigh, toLow) >= 0;
        add(address(toHigh, toLow));
    }

    private void expression(Expr expr) {
        add(expr.kind());
        if (expr instanceof Expr.Read read) {
            add(shared.number(read.selector().text()));
        } else if (expr instanceof Expr.Constant constant) {
            value(constant.high(), constant.low());
        } else if (expr instanceof Expr.Bits bits) {
            add(shared.number(bits.op().text()));
            failed |= SharedRules.isAddress(bits.left()) || SharedRules.isAddress(bits.right());
            operand(bits.left());
            operand(bits.right());
        } else if (expr instanceof Expr.Numgen numgen) {
            add(numgen.random() ? 1 : 0);
            value(numgen.modulus(), numgen.offset());
        } else {
            failed = true;
        }
    }

    /** Bits of bits are not read. */
    private void operand(Expr expr) {
        failed |= expr.kind() != Expr.READ && expr.kind() != Expr.CONSTANT;
        if (!failed) {
            expression(expr);
        }
    }

    private void set(NamedSet set) {
        failed |= shared.names(set);
        int at = 0;
        while (at < setCount && sets[at] != set) {
            at++;
        }
        if (at == MOST_CHAINS) {
            failed = true;
            return;
        }
        sets[at] = set;
        setCount = Math.max(setCount, at + 1);
        add(at);
    }

    private int address(long addressHigh, long addressLow) {
        for (int i = 0; i < addresses; i++) {
            if (low[i] == addressLow && high[i] == addressHigh) {
                return i;
            }
        }
        if (addresses == MOST_ADDRESSES) {
            failed = true;
            return 0;
        }
        high[addresses] = addressHigh;
        low[addresses] = addressLow;
        return addresses++;
    }

    private void value(long valueHigh, long valueLow) {
        if (valueHigh == 0 && valueLow >= 0 && valueLow <= Integer.MAX_VALUE) {
            add((int) valueLow);
            return;
        }
        add(WIDE);
        add((int) (valueHigh >>> 32));
        add((int) valueHigh);
        add((int) (valueLow >>> 32));
        add((int) valueLow);
    }

    private void add(int word) {
        if (count == MOST_WORDS) {
            failed = true;
            return;
        }
        if (count == words.length) {
            words = Arrays.copyOf(words, 2 * count);
        }
        words[count++] = word;
    }
}
