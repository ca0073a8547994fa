package dev.podpath.cli.verify;

import dev.podpath.core.finding.Severity;
import dev.podpath.core.verify.Result;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What a verification came to, in plain texts and numbers: written as JSON and read again, it is the same. Described in
 * {@code docs/verify-json.md}.
 *
 * @param snapshot what was verified, as the user named it
 * @param shard which part of the nodes this is; empty for all of them
 * @param nodes the nodes, sorted by name
 * @param servicePorts every service port that was looked at
 * @param violations what is otherwise than intended
 * @param unknowns what could not be verified
 * @param findings diagnoses that no packet shows
 * @param assumptions what was taken for granted, sorted, each once
 * @param problems documents that could not be read
 */
public record VerifyReport(
        String snapshot,
        Option<Shard> shard,
        Vector<NodeEntry> nodes,
        ServicePorts servicePorts,
        Vector<ViolationEntry> violations,
        Vector<UnknownEntry> unknowns,
        Vector<FindingEntry> findings,
        Vector<String> assumptions,
        Vector<ProblemEntry> problems) {

    /** The answer: the worst of the nodes'. */
    public Result result() {
        if (violations.nonEmpty()) {
            return Result.VIOLATED;
        }
        return unknowns.isEmpty() ? Result.HOLDS : Result.UNKNOWN;
    }

    /** Whether something of at least this severity is violated. */
    public boolean fails(Severity least) {
        return violations.exists(violation -> violation.severity().compareTo(least) >= 0);
    }

    /**
     * A node that was verified.
     *
     * @param name its name
     * @param mode the proxy mode in force; empty where nothing tells
     * @param result the answer for this node
     * @param tables what was read, table by table
     * @param classes classes of packets that were compared with the intent
     * @param vips addresses with ports that services are reached at
     * @param services services that have such an address
     * @param arrivals ways in that were looked at
     * @param seconds wall-clock seconds
     */
    public record NodeEntry(
            String name,
            Option<String> mode,
            Result result,
            Vector<TableEntry> tables,
            long classes,
            int vips,
            int services,
            Vector<String> arrivals,
            double seconds) {
        /** Rules of all tables. */
        public int rules() {
            return tables.map(TableEntry::rules).sum().intValue();
        }
    }

    /**
     * A table of rules.
     *
     * @param name name with its family, such as {@code ip nat}
     * @param hooks where it is consulted
     * @param exact rules that are modelled exactly
     * @param neutral rules that are known to change nothing about where a packet goes
     * @param unknown rules that are not understood
     */
    public record TableEntry(String name, Vector<String> hooks, int exact, int neutral, int unknown) {
        /** All of them. */
        public int rules() {
            return exact + neutral + unknown;
        }
    }

    /**
     * A violation.
     *
     * @param service {@code namespace/name}; empty where the address belongs to no service
     * @param port the service's own port, where there is one
     * @param protocol {@code tcp}, {@code udp} or {@code sctp}
     * @param vip address and port the packets are sent to
     * @param witness a packet that shows it
     * @param expected how it should end
     * @param actual how it ends
     * @param trail rules the packet meets
     * @param evidence what says what is intended
     * @param comparable whether nothing about it depends on the node, so that a node can be alone with it
     */
    public record ViolationEntry(
            String code,
            Severity severity,
            String node,
            Option<String> service,
            Option<Integer> port,
            String protocol,
            String vip,
            String message,
            WitnessEntry witness,
            Vector<EndEntry> expected,
            Vector<EndEntry> actual,
            Vector<StepEntry> trail,
            Vector<PlaceEntry> evidence,
            boolean comparable) {}

    /**
     * A packet, in the words of {@code podpath packet}.
     *
     * @param src source address
     * @param sport source port
     * @param dst destination address
     * @param dport destination port
     * @param protocol {@code tcp}, {@code udp} or {@code sctp}
     * @param arrival {@code pod}, {@code node}, {@code external} or {@code other-node}, with {@code @INTERFACE} where known
     */
    public record WitnessEntry(String src, int sport, String dst, int dport, String protocol, String arrival) {}

    /**
     * One way a packet ends.
     *
     * @param kind {@code ENDPOINT}, {@code REJECTED}, {@code DROPPED}, {@code UNTOUCHED} or {@code UNKNOWN}
     * @param endpoint address and port, for an endpoint
     * @param share an exact fraction, or {@code unknown}
     * @param source what becomes of the source address: {@code KEPT}, {@code MASQUERADED}, {@code TRANSLATED}, {@code UNKNOWN}
     */
    public record EndEntry(String kind, Option<String> endpoint, String share, String source) {}

    /** A rule on the way: its table and chain, and where it stands. */
    public record StepEntry(String table, String chain, PlaceEntry place) {}

    /** A place in a document: path, line and JSON pointer where there are such, and the text there. */
    public record PlaceEntry(String document, Option<Integer> line, Option<String> pointer, String excerpt) {
        /** {@code document:line#pointer}. */
        public String where() {
            return document
                    + line.map(n -> ":" + n).getOrElse("")
                    + pointer.filter(text -> !text.isEmpty())
                            .map(text -> "#" + text)
                            .getOrElse("");
        }
    }

    /** Something that could not be verified; what it concerns, why, and what would have to be captured. */
    public record UnknownEntry(
            String node,
            Option<String> service,
            Option<String> vip,
            Option<String> protocol,
            String message,
            Vector<MissingEntry> missing,
            Option<WitnessEntry> witness) {}

    /** What is missing, and the command that captures it. */
    public record MissingEntry(String what, String capture) {}

    /** A diagnosis that no packet shows. */
    public record FindingEntry(
            String code, Severity severity, String node, String message, Vector<PlaceEntry> evidence) {}

    /** A document that could not be read. */
    public record ProblemEntry(String document, Option<Integer> line, String message) {}
}
