package dev.podpath.proxy.nftables.eval;

import dev.podpath.core.proxy.walk.Link;
import dev.podpath.proxy.nftables.rule.Chain;
import dev.podpath.proxy.nftables.rule.NamedSet;
import dev.podpath.proxy.nftables.rule.Verdict;
import org.jspecify.annotations.Nullable;

/** Takes a path from chain to chain, as verdicts say, and keeps its trail (net/netfilter/nf_tables_core.c, nft_do_chain). */
final class Calls {
    /** As many chains that lead to each other as the kernel takes (NFT_JUMP_STACK_SIZE). */
    static final int DEEPEST = 16;

    private final boolean trails;

    /** Keeps steps or not. */
    Calls(boolean trails) {
        this.trails = trails;
    }

    /** Does what a verdict says; whether the rule goes on after it. */
    boolean decide(Path path, Chain chain, int place, int verdict, @Nullable NamedSet set, int back) {
        if (verdict == Verdict.CONTINUE) {
            return true;
        }
        trail(path, chain, place, set);
        switch (Verdict.kind(verdict)) {
            case Verdict.ACCEPT -> path.chain = null;
            case Verdict.DROP -> path.end(Path.DROPPED, "");
            case Verdict.RETURN -> {
                if (path.depth > 0) {
                    goBack(path);
                } else {
                    policy(path);
                }
            }
            case Verdict.JUMP, Verdict.GOTO -> {
                // The kernel takes no rules that lead deeper, by either (net/netfilter/nf_tables_api.c,
                // nft_chain_validate).
                if (path.level >= DEEPEST) {
                    path.end(Path.LOST, "chains lead to each other too deeply, as in a loop");
                    return false;
                }
                if (Verdict.kind(verdict) == Verdict.JUMP) {
                    path.push(chain, path.rule, back);
                }
                path.level++;
                go(path, chain.table().chain(Verdict.chain(verdict)));
            }
            default -> path.end(Path.LOST, "the packet is handed to a program");
        }
        return false;
    }

    /** Goes to the beginning of a chain. */
    private static void go(Path path, Chain to) {
        path.chain = to;
        path.rule = 0;
        path.statement = 0;
    }

    /** A chain has no further rule. */
    void fallOff(Path path) {
        if (path.depth > 0) {
            goBack(path);
        } else {
            policy(path);
        }
    }

    private void policy(Path path) {
        Chain base = path.base;
        Chain.Base how = base == null ? null : base.base();
        if (base != null && how != null && how.drop()) {
            trail(path, base, base.place(), null);
            path.end(Path.DROPPED, "");
        }
        path.chain = null;
    }

    /** Back to where the last jump came from; a jump that led to nothing leaves no trace. */
    private static void goBack(Path path) {
        path.depth--;
        path.chain = path.frameChains[path.depth];
        path.rule = path.frameRules[path.depth];
        path.level = path.frameLevels[path.depth];
        if (path.frameTrails[2 * path.depth + 1] == path.trailLength) {
            Link<Path.Step> last = path.trail;
            for (; last != null && path.trailLength > path.frameTrails[2 * path.depth]; path.trailLength--) {
                last = last.before();
            }
            path.trail = last;
        }
    }

    /** Keeps a step, where steps are kept. */
    void trail(Path path, Chain chain, int place, @Nullable NamedSet set) {
        if (trails) {
            Link<Path.Step> last = path.trail;
            if (last != null && last.value().place() == place && last.value().set() == set) {
                return;
            }
            path.trail = new Link<>(new Path.Step(chain, place, set), last);
            path.trailLength++;
        }
    }
}
