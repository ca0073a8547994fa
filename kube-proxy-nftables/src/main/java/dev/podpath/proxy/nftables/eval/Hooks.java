package dev.podpath.proxy.nftables.eval;

import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.Hook;
import dev.podpath.proxy.nftables.rule.Ruleset;
import dev.podpath.proxy.nftables.rule.Table;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a packet of one family meets at each hook, in the kernel's order: base chains by priority, connection tracking at -200,
 * translation of destinations at -100 and of sources at 100 (net/netfilter/core.c, nf_conntrack_proto.c, nf_nat_proto.c).
 *
 * <p>Of two chains with one priority the one that was made later comes first (core.c, nf_hook_entries_grow). All chains of type
 * nat are asked at the place of the translation whatever their priority, which only orders them among each other
 * (net/netfilter/nf_nat_core.c, nf_nat_register_fn).
 */
final class Hooks {
    private static final int TRACKING = -200;
    private static final int DESTINATIONS = -100;
    private static final int SOURCES = 100;

    /** What is done at a stage. */
    enum Kind {
        /** Asks a base chain. */
        CHAIN,
        /** Finds or makes the connection. */
        TRACK,
        /** Asks a chain of type nat, where the connection has no translation yet. */
        TRANSLATE,
        /** From here on the connection has its translation, even if it is none. */
        TRANSLATED
    }

    /**
     * A stage.
     *
     * @param kind what is done
     * @param chain the chain that is asked, where one is
     */
    record Stage(Kind kind, @Nullable Chain chain) {}

    private record Ordered(Chain chain, Chain.Base base, int place) {}

    private final Stage[][] stages = new Stage[Hook.values().length][];
    private final Vector<Table> broken;

    Hooks(Ruleset rules, boolean v6) {
        List<Ordered> all = new ArrayList<>();
        Vector<Table> damaged = Vector.empty();
        for (Table table : rules.tables()) {
            if (!table.family().carries(v6) || table.isDormant()) {
                continue;
            }
            damaged = table.damage().isDefined() ? damaged.append(table) : damaged;
            for (int i = 0; i < table.chainCount(); i++) {
                Chain chain = table.chain(i);
                Chain.Base base = chain.base();
                if (base != null) {
                    all.add(new Ordered(chain, base, chain.place()));
                }
            }
        }
        broken = damaged;
        all.sort(Comparator.<Ordered>comparingInt(one -> one.base().priority())
                .thenComparing(Comparator.<Ordered>comparingInt(Ordered::place).reversed()));
        for (Hook hook : Hook.values()) {
            stages[hook.ordinal()] = stages(all, hook);
        }
    }

    private static Stage[] stages(List<Ordered> all, Hook hook) {
        boolean tracks = hook == Hook.PREROUTING || hook == Hook.OUTPUT;
        int translates = hook.translatesDestinations()
                ? DESTINATIONS
                : hook == Hook.INPUT || hook == Hook.POSTROUTING ? SOURCES : Integer.MAX_VALUE;
        List<Stage> out = new ArrayList<>();
        boolean tracked = !tracks;
        boolean translated = translates == Integer.MAX_VALUE;
        for (Ordered one : all) {
            if (one.base().hook() != hook || one.base().type() == Chain.Type.NAT) {
                continue;
            }
            if (!tracked && one.base().priority() > TRACKING) {
                out.add(new Stage(Kind.TRACK, null));
                tracked = true;
            }
            if (!translated && one.base().priority() > translates) {
                translate(out, all, hook);
                translated = true;
            }
            out.add(new Stage(Kind.CHAIN, one.chain()));
        }
        if (!tracked) {
            out.add(new Stage(Kind.TRACK, null));
        }
        if (!translated) {
            translate(out, all, hook);
        }
        return out.toArray(new Stage[0]);
    }

    private static void translate(List<Stage> out, List<Ordered> all, Hook hook) {
        for (Ordered one : all) {
            if (one.base().hook() == hook && one.base().type() == Chain.Type.NAT) {
                out.add(new Stage(Kind.TRANSLATE, one.chain()));
            }
        }
        out.add(new Stage(Kind.TRANSLATED, null));
    }

    /** The stages of a hook. */
    Stage[] at(int hook) {
        return stages[hook];
    }

    /** Tables on the way that could not be read whole. */
    Vector<Table> broken() {
        return broken;
    }
}
