package dev.podpath.aws.ec2;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.net.Protocol;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.BitSet;

/**
 * The rules of one network ACL. Of those for a direction the one with the lowest number that matches decides; what none
 * matches is denied, as by the rule that ends every ACL (EC2 API {@code NetworkAclEntry}).
 */
final class AclRules {
    private static final int SHOWN = 4;
    private static final int LAST_PORT = 65535;

    private final Json json;
    private final Vector<Rule> rules;
    private final boolean broken;

    AclRules(Json json) {
        this.json = json;
        Vector<Json> entries = json.items("Entries");
        this.rules = entries.flatMap(Rule::of).sortBy(Rule::number);
        this.broken = rules.size() < entries.size();
    }

    String id() {
        return json.textOr("(without id)", "NetworkAclId");
    }

    /** Whether the first rule of each direction allows everything, as those of the default ACL do. */
    boolean isOpen() {
        return opens(false) && opens(true);
    }

    private boolean opens(boolean egress) {
        return rules.find(rule -> rule.egress() == egress
                                && !rule.prefix().address().isV6())
                        .exists(rule -> rule.allows() && rule.isForAll())
                && rules.filter(rule -> rule.egress() == egress
                                && rule.prefix().address().isV6())
                        .headOption()
                        .forAll(rule -> rule.allows() && rule.isForAll());
    }

    /**
     * Whether all of some ports, or none of them, are let through.
     *
     * @param egress whether the packets leave the subnet
     * @param peer the address outside; empty where it is not known
     * @param six whether the packets are of IPv6
     * @param first the lowest destination port
     * @param last the highest, not below it
     */
    Answer ask(boolean egress, Option<IpAddress> peer, boolean six, Protocol protocol, int first, int last) {
        BitSet open = new BitSet(LAST_PORT + 1);
        open.set(first, last + 1);
        BitSet possible = new BitSet(LAST_PORT + 1);
        BitSet certain = new BitSet(LAST_PORT + 1);
        Vector<Json> decided = Vector.empty();
        boolean maybeBefore = false;
        for (Rule rule : rules) {
            boolean may = rule.egress() == egress
                    && rule.prefix().address().isV6() == six
                    && rule.isFor(protocol)
                    && peer.forAll(rule.prefix()::contains);
            int from = Math.max(first, rule.first());
            int to = Math.min(last, rule.last());
            int next = may && from <= to ? open.nextSetBit(from) : -1;
            if (next < 0 || next > to) {
                continue;
            }
            decided = decided.append(rule.json());
            boolean sure = peer.isDefined() || rule.prefix().length() == 0;
            if (rule.allows()) {
                possible.or(within(open, from, to));
            }
            if (sure) {
                if (rule.allows() && !maybeBefore) {
                    certain.or(within(open, from, to));
                }
                open.clear(from, to + 1);
            } else {
                maybeBefore = true;
            }
            if (open.isEmpty()) {
                break;
            }
        }
        int all = last - first + 1;
        return new Answer(
                !broken && certain.cardinality() == all,
                !broken && possible.isEmpty(),
                decided.isEmpty() ? Vector.of(json.at("NetworkAclId")) : decided.take(SHOWN));
    }

    private static BitSet within(BitSet open, int from, int to) {
        BitSet part = (BitSet) open.clone();
        part.clear(0, from);
        part.clear(to + 1, LAST_PORT + 2);
        return part;
    }

    /**
     * What the rules say.
     *
     * @param isAllowed whether all is certainly let through
     * @param isDenied whether certainly nothing is
     * @param rules those that decided
     */
    record Answer(boolean isAllowed, boolean isDenied, Vector<Json> rules) {}

    /** One rule; ports 0 to 65535 where it does not say. */
    private record Rule(
            int number,
            boolean egress,
            boolean allows,
            String protocol,
            IpPrefix prefix,
            int first,
            int last,
            Json json) {
        static Option<Rule> of(Json json) {
            Option<Integer> number = json.integer("RuleNumber");
            Option<Boolean> egress = json.bool("Egress");
            Option<IpPrefix> prefix =
                    json.text("CidrBlock").orElse(json.text("Ipv6CidrBlock")).flatMap(IpPrefix::parse);
            String action = json.textOr("", "RuleAction");
            Option<String> protocol = json.text("Protocol");
            int first = json.integer("PortRange", "From").getOrElse(0);
            int last = json.integer("PortRange", "To").getOrElse(LAST_PORT);
            if (number.isEmpty()
                    || egress.isEmpty()
                    || prefix.isEmpty()
                    || protocol.isEmpty()
                    || !action.equals("allow") && !action.equals("deny")
                    || first < 0
                    || last > LAST_PORT
                    || first > last) {
                return Option.none();
            }
            return Option.some(new Rule(
                    number.get(),
                    egress.get(),
                    action.equals("allow"),
                    protocol.get(),
                    prefix.get(),
                    protocol.get().equals("-1") ? 0 : first,
                    protocol.get().equals("-1") ? LAST_PORT : last,
                    json));
        }

        boolean isFor(Protocol wanted) {
            return protocol.equals("-1")
                    || protocol.equals(String.valueOf(wanted.number()))
                    || protocol.equals(wanted.lower());
        }

        boolean isForAll() {
            return protocol.equals("-1") && prefix.length() == 0;
        }
    }
}
