package dev.podpath.proxy.iptables.eval;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.Likeness;
import dev.podpath.core.proxy.Likenesses;
import dev.podpath.core.proxy.WordShapes;
import io.vavr.control.Option;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which of the addresses that a balancer looks at on their own are alike: those that it treats alike, where rules, sets and
 * the node's network say the same of the addresses and of the servers behind them, each exchanged for the other. Safe for use
 * from several threads.
 */
final class LikeBalanced {
    private static final int MOST_WORDS = 8_192;

    private final IndexKeys keys;
    private final AddressKinds kinds;
    private final AddressFacts facts;
    private final Balancer.Partitioned balancer;
    private final boolean v6;
    private final Likenesses known;
    private final WordShapes shapes = new WordShapes();

    LikeBalanced(IndexKeys keys, AddressKinds kinds, AddressFacts facts, Balancer.Partitioned balancer, boolean v6) {
        this.keys = keys;
        this.kinds = kinds;
        this.facts = facts;
        this.balancer = balancer;
        this.v6 = v6;
        this.known = new Likenesses(keys.addressCount(), this::make);
    }

    /** The likeness of one of the addresses of the keys; empty where it is not known to be like any other. */
    Option<Likeness> of(int number) {
        return known.of(number);
    }

    private Option<Likeness> make(int number) {
        if (!facts.isUsable() || kinds.kind(number) == AddressKinds.ALONE) {
            return Option.none();
        }
        IpAddress address = v6
                ? IpAddress.v6(keys.addressHigh(number), keys.addressLow(number))
                : IpAddress.v4((int) keys.addressLow(number));
        Balancer.@Nullable Pattern pattern = balancer.pattern(address).getOrNull();
        if (pattern == null) {
            return Option.none();
        }
        long[] addresses = pattern.addresses();
        Words words = new Words();
        words.add(kinds.kind(number), addresses.length);
        words.add(pattern.words());
        for (int place = 0; 2 * place < addresses.length; place++) {
            long high = addresses[2 * place];
            long low = addresses[2 * place + 1];
            Option<int[][]> elements = facts.elements(addresses, place);
            // Of a server that is an address of the node, or one that the balancer looks at, more would have to be
            // told.
            if (elements.isEmpty() || place > 0 && keys.find(high, low) >= 0 || words.count > MOST_WORDS) {
                return Option.none();
            }
            words.add(facts.kind(high, low), elements.get().length);
            for (int[] element : elements.get()) {
                words.add(element);
            }
        }
        return Option.some(new Likeness(shapes.of(words.words, words.count), addresses));
    }

    /** Words being put together. */
    private static final class Words {
        private int[] words = new int[128];
        private int count;

        void add(int... more) {
            if (count + more.length > words.length) {
                words = Arrays.copyOf(words, 2 * (count + more.length));
            }
            System.arraycopy(more, 0, words, count, more.length);
            count += more.length;
        }
    }
}
