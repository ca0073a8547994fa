package dev.podpath.proxy.nftables.parse;

import dev.podpath.proxy.nftables.rule.Family;
import io.vavr.control.Option;

/** Names of priorities (nftables src/rule.c, std_prio_family_name_lookup). */
final class Priorities {
    private Priorities() {}

    static Option<Integer> named(Family family, String name) {
        if (family == Family.BRIDGE) {
            return switch (name) {
                case "dstnat" -> Option.some(-300);
                case "filter" -> Option.some(-200);
                case "out" -> Option.some(100);
                case "srcnat" -> Option.some(300);
                default -> Option.none();
            };
        }
        return switch (name) {
            case "raw" -> Option.some(-300);
            case "mangle" -> Option.some(-150);
            case "dstnat" -> Option.some(-100);
            case "filter" -> Option.some(0);
            case "security" -> Option.some(50);
            case "srcnat", "out" -> Option.some(100);
            default -> Option.none();
        };
    }
}
