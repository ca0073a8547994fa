package dev.podpath.aliyun.dns;

import dev.podpath.aliyun.hop.Shares;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Share;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * Which of a name's records a client is given, and how often.
 *
 * <p>A resolver is answered with the records of its own line, and with those of the line {@code default} where its line
 * has none of the type. Among several records of a line and type the weights choose, where they are switched on for the
 * name; else all are returned, in rotation.
 */
final class Choices {
    private static final String DEFAULT = "default";

    private final Vector<DnsRecord> records;
    private final Option<PublicZones> weights;
    private final Zone zone;
    private final HopDraft notes;

    /** Chooses among these enabled records of one name, all of a type that leads on. */
    Choices(Vector<DnsRecord> records, Option<PublicZones> weights, Zone zone, HopDraft notes) {
        this.records = records;
        this.weights = weights;
        this.zone = zone;
        this.notes = notes;
    }

    Vector<Choice> all() {
        Vector<String> lines = records.map(DnsRecord::line).distinct().sortBy(line -> line.equals(DEFAULT) ? "" : line);
        boolean one = lines.size() == 1 && lines.head().equals(DEFAULT);
        if (one) {
            return ofLine(DEFAULT);
        }
        Vector<Choice> choices = lines.flatMap(line -> ofLine(line).map(choice -> conditional(line, choice)));
        return lines.contains(DEFAULT)
                ? choices
                : choices.append(new Choice(Option.none(), Share.undefined(), Option.some("any other DNS line")));
    }

    private static Choice conditional(String line, Choice choice) {
        String condition = "DNS line " + line;
        return new Choice(
                choice.record(),
                Share.undefined(),
                Option.some(
                        choice.condition().map(also -> condition + ", " + also).getOrElse(condition)));
    }

    private Vector<Choice> ofLine(String line) {
        Vector<Vector<DnsRecord>> types =
                Vector.of("A", "AAAA", "CNAME").map(type -> ofType(line, type)).filter(of -> !of.isEmpty());
        if (types.size() == 1) {
            Vector<DnsRecord> of = types.head();
            Vector<DnsRecord> given = withoutZeroWeights(of, line);
            return given.zipWith(
                    shares(given, line), (record, share) -> new Choice(Option.some(record), share, Option.none()));
        }
        boolean mixed = types.exists(of -> of.head().isAlias());
        if (mixed) {
            notes.add(Decision.unknown("the name has an alias and addresses on DNS line " + line
                    + "; which of them the name server gives is not defined"));
        }
        return types.flatMap(of -> withoutZeroWeights(of, line)
                .map(record -> new Choice(
                        Option.some(record),
                        Share.undefined(),
                        mixed
                                ? Option.none()
                                : Option.some(record.type().equals("A") ? "client uses IPv4" : "client uses IPv6"))));
    }

    private Vector<DnsRecord> ofType(String line, String type) {
        Vector<DnsRecord> typed = records.filter(record -> record.type().equals(type));
        Vector<DnsRecord> own = typed.filter(record -> record.line().equals(line));
        return own.isEmpty() ? typed.filter(record -> record.line().equals(DEFAULT)) : own;
    }

    private boolean isWeighted(Vector<DnsRecord> of, String line) {
        DnsRecord first = of.head();
        return weights.exists(known -> known.isWeighted(first.name(), first.type(), line));
    }

    private Vector<DnsRecord> withoutZeroWeights(Vector<DnsRecord> of, String line) {
        if (of.size() < 2 || !isWeighted(of, line)) {
            return of;
        }
        Vector<DnsRecord> given = of.filter(record -> weight(record) > 0);
        if (given.isEmpty()) {
            return of;
        }
        of.filter(record -> weight(record) <= 0)
                .forEach(record ->
                        notes.add(Decision.skipped(record + " is not given: its weight is 0", record.evidence())));
        return given;
    }

    private static long weight(DnsRecord record) {
        return record.weight().getOrElse(1L);
    }

    private Vector<Share> shares(Vector<DnsRecord> of, String line) {
        if (of.size() == 1) {
            return Vector.of(Share.all());
        }
        DnsRecord first = of.head();
        if (isWeighted(of, line)) {
            notes.add(Decision.found(
                            "weights choose among the records of " + first.name() + " and type " + first.type())
                    .with(weights.flatMap(known -> known.weights(first.name(), first.type()))
                            .map(json -> json.evidence())));
            return of.forAll(record -> weight(record) > 0)
                    ? Shares.byWeight(of.map(Choices::weight))
                    : Shares.undefined(of.size());
        }
        boolean sameWeight = of.map(Choices::weight).distinct().size() == 1;
        boolean known = weights.exists(zones -> zones.knowsWeights(zone.name()));
        if (!sameWeight && !known) {
            notes.add(
                    weights.isDefined()
                            ? Decision.unknown(
                                    "the records of " + first.name()
                                            + " have different weights; whether they are in force was not captured",
                                    weights.get().missingWeights(zone.name()))
                            : Decision.unknown("the records of " + first.name()
                                    + " have different weights; whether they are in force is not known"));
            return Shares.undefined(of.size());
        }
        notes.assume("all " + of.size() + " " + first.type() + " records of " + first.name()
                + " are returned in rotation, and a client uses the first");
        return Shares.equal(of.size());
    }
}
