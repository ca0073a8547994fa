package dev.podpath.proxy.iptables.eval;

import dev.podpath.proxy.iptables.rule.Addresses;
import dev.podpath.proxy.iptables.rule.Op;

/**
 * What the rules for some destinations are but for their addresses, ports and names of chains.
 *
 * @param number its number among the kinds, from 0
 * @param words everything that is the same; never to be changed
 * @param prefixes places in the words of the prefixes that rules ask addresses for
 * @param endpoints numbers of address and port of each endpoint; the port is -1 where it stays
 * @param addresses how many addresses there are; the first is the destination
 * @param v6 the family
 */
@SuppressWarnings("ArrayRecordComponent")
record ShapeKind(int number, int[] words, int[] prefixes, int[] endpoints, int addresses, boolean v6) {
    /** How many endpoints there are. */
    int endpointCount() {
        return endpoints.length / 2;
    }

    /** A bit for each prefix that holds an address. */
    int within(long high, long low) {
        return within(words, prefixes, prefixes.length, high, low, v6);
    }

    static int within(int[] words, int[] prefixes, int count, long high, long low, boolean v6) {
        int holding = 0;
        for (int i = 0; i < count; i++) {
            int at = prefixes[i];
            int length = Op.argument(words[at]);
            boolean holds = (high & Addresses.maskHigh(length, v6)) == Addresses.high(words, at + 1, v6)
                    && (low & Addresses.maskLow(length, v6)) == Addresses.low(words, at + 1, v6);
            holding |= holds ? 1 << i : 0;
        }
        return holding;
    }
}
