package dev.podpath.core.verify;

import dev.podpath.core.intent.EndpointSet;
import dev.podpath.core.intent.Expectation;
import dev.podpath.core.intent.PortIntent;
import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.intent.Sender;
import dev.podpath.core.intent.ServiceIntent;
import dev.podpath.core.intent.VipKind;
import dev.podpath.core.net.AddressSet;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.proxy.Likeness;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that were found to be served as they should. Another one to which the node does the same, of which the same is
 * intended, but for the addresses of it and its endpoints, is served as it should, too, and need not be looked at.
 * Safe for use from several threads.
 */
final class LikeServices {
    private static final Sender[] SENDERS = Sender.values();
    private static final int MOST_WORDS = 1_024;

    private final Context context;
    private final View view;
    private final AddressSet own;
    private final boolean bound;
    private final Map<Key, Integer> good = new ConcurrentHashMap<>();

    /**
     * Of one way in.
     *
     * @param own the node's own addresses
     */
    LikeServices(Context context, View view, AddressSet own) {
        this.context = context;
        this.view = view;
        this.own = own;
        // IPVS mode binds the addresses of services to the node; elsewhere that is nothing a rule is made for.
        this.bound = context.settings().mode() == ProxyMode.IPVS;
    }

    /** What the node does with packets to an address and what it should do, without the addresses. */
    static final class Key {
        private final Object shape;
        private final int[] words;
        private final int hash;

        private Key(Object shape, int[] words) {
            this.shape = shape;
            this.words = words;
            this.hash = 31 * System.identityHashCode(shape) + Arrays.hashCode(words);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && shape == that.shape && Arrays.equals(words, that.words);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** The classes of an address that is like this one and was found to be served as it should; negative for none. */
    int classes(Key key) {
        return good.getOrDefault(key, -1);
    }

    /** Every packet to an address ends as it should. */
    void add(Key key, int classes) {
        good.put(key, classes);
    }

    /** The key of an address; null where it is not to be compared with others. */
    @Nullable
    Key key(IpAddress address, Claim[] claims) {
        if (claims.length == 0 || own.contains(address) || address.isLoopback()) {
            return null;
        }
        Option<Likeness> likeness = view.partition().likeness(address);
        if (likeness.isEmpty()) {
            return null;
        }
        boolean onNode = context.local().contains(address);
        if (onNode && !bound) {
            return null;
        }
        Words words = new Words(likeness.get());
        words.add(onNode ? 1 : 0);
        for (int i = 0; i < words.like.count(); i++) {
            long high = words.like.high(i);
            long low = words.like.low(i);
            words.add(view.zones(address).mask(high, low, high, low) << 1 | (own.contains(high, low) ? 1 : 0));
        }
        for (int i = 0; i < claims.length && !words.failed; i++) {
            add(claims, i, words);
        }
        return words.failed ? null : new Key(words.like.shape(), Arrays.copyOf(words.words, words.count));
    }

    private void add(Claim[] claims, int index, Words words) {
        Claim claim = claims[index];
        ServiceIntent intent = context.intents()[claim.service()];
        boolean restricted = claim.kind() == VipKind.LOAD_BALANCER && intent.restrictsSources(view.isV6());
        if (restricted || claim.port() < 0 || hasRival(claims, index)) {
            words.failed = true;
            return;
        }
        words.add(claim.protocol().number() << 16 | claim.number());
        PortIntent port = intent.port(claim.port());
        Expectation before = null;
        for (Sender sender : SENDERS) {
            Expectation wanted =
                    port.expect(claim.kind(), sender, true, view.arrival().kind(), context.settings());
            // Most senders are to be treated like the one before.
            if (before != null && isSame(before, wanted)) {
                words.add(-1);
            } else {
                add(wanted, words);
            }
            before = wanted;
        }
    }

    private static boolean hasRival(Claim[] claims, int index) {
        for (int i = 0; i < claims.length; i++) {
            if (i != index
                    && claims[i].number() == claims[index].number()
                    && claims[i].protocol() == claims[index].protocol()) {
                return true;
            }
        }
        return false;
    }

    /** Whether they surely are; sets of endpoints are not looked into. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Expectation one, Expectation two) {
        return one.kind() == two.kind()
                && one.endpoints() == two.endpoints()
                && one.masquerade() == two.masquerade()
                && one.affinitySeconds() == two.affinitySeconds()
                && one.bySourceRange() == two.bySourceRange();
    }

    @SuppressWarnings("EnumOrdinal")
    private static void add(Expectation wanted, Words words) {
        EndpointSet endpoints = wanted.endpoints();
        words.add(wanted.kind().ordinal());
        words.add(wanted.masquerade().ordinal());
        words.add(wanted.affinitySeconds());
        words.add(wanted.bySourceRange() ? 1 : 0);
        words.add(endpoints.size());
        int from = words.count;
        for (int i = 0; i < endpoints.size() && !words.failed; i++) {
            int place = words.like.find(endpoints.high(i), endpoints.low(i));
            words.add(place << 16 | endpoints.port(i));
            words.failed |= place < 0;
        }
        // The order of endpoints is that of their addresses.
        Arrays.sort(words.words, from, words.count);
    }

    /** Words being put together. */
    private static final class Words {
        private final Likeness like;
        private int[] words = new int[32];
        private int count;
        private boolean failed;

        Words(Likeness like) {
            this.like = like;
        }

        void add(int word) {
            if (count == words.length) {
                words = Arrays.copyOf(words, count * 2);
                failed |= count > MOST_WORDS;
            }
            words[count++] = word;
        }
    }
}
