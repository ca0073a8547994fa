package dev.podpath.k8s.dns;

import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Missing;
import dev.podpath.core.trace.Share;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.DocumentProblem;
import dev.podpath.ports.snapshot.Json;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Answers that a resolver gave when the snapshot was captured, {@code dns/NAME.json} in the JSON form of public DNS over
 * HTTPS services ({@code Status}, {@code Answer[]{name, type, TTL, data}}; types 1 A, 5 CNAME, 28 AAAA of RFC 1035 and
 * RFC 3596). Asked last, because configuration says more than one answer of it.
 */
final class RecordedAnswers implements HopResolver {
    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int AAAA = 28;
    private static final int NOERROR = 0;
    private static final int NXDOMAIN = 3;

    private final Map<String, Json> answers;

    private RecordedAnswers(Map<String, Json> answers) {
        this.answers = answers;
    }

    static Reading<RecordedAnswers> read(Snapshot snapshot) {
        Map<String, Json> answers = new HashMap<>();
        Vector<DocumentProblem> problems = Vector.empty();
        Vector<DocumentReport> reports = Vector.empty();
        for (Document document : snapshot.under("dns/").filter(d -> d.name().endsWith(".json"))) {
            Either<DocumentProblem, Json> json = document.json();
            if (json.isLeft()) {
                problems = problems.append(json.getLeft());
                continue;
            }
            if (json.get().integer("Status").isEmpty()) {
                problems = problems.append(new DocumentProblem(
                        document.path(),
                        Option.none(),
                        "no number Status",
                        "an answer in the DNS JSON form: Status, Question, Answer",
                        missing(nameOf(document)).capture()));
                continue;
            }
            answers.put(nameOf(document), json.get());
            reports = reports.append(DocumentReport.full(
                    document.path(), "answers", json.get().items("Answer").size()));
        }
        return new Reading<>(new RecordedAnswers(answers), problems, reports);
    }

    private static String nameOf(Document document) {
        String name = document.name().substring(0, document.name().length() - ".json".length());
        return absolute(name.toLowerCase(Locale.ROOT));
    }

    /** A name without the dot that makes it absolute. */
    static String absolute(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** Whether an answer for a name was recorded. */
    boolean has(String name) {
        return answers.containsKey(name);
    }

    /** The addresses of a recorded answer. */
    Vector<IpAddress> addresses(String name) {
        return Option.of(answers.get(name))
                .map(answer ->
                        answer.items("Answer").flatMap(RecordedAnswers::address).distinct())
                .getOrElse(Vector.empty());
    }

    /** A recorded answer as evidence. */
    Vector<Evidence> evidence(String name) {
        return Option.of(answers.get(name))
                .map(answer -> answer.evidence("Status", "Answer"))
                .toVector();
    }

    @Override
    public String id() {
        return "dns.recorded";
    }

    @Override
    public int order() {
        return 900;
    }

    @Override
    public boolean handles(Location location) {
        return location instanceof DnsName;
    }

    @Override
    public Resolution resolve(Location location) {
        DnsName at = (DnsName) location;
        String name = absolute(at.host());
        Json answer = answers.get(name);
        if (answer == null) {
            return Resolution.declined(
                    Decision.unknown("no answer of a resolver for " + name + " was recorded", missing(name)));
        }
        return Resolution.of(hop(at, name, answer));
    }

    static Missing missing(String name) {
        String file = "dns/" + name + ".json";
        return new Missing(file, "curl -s 'https://dns.google/resolve?type=A&name=" + name + "' > " + file);
    }

    private static Hop hop(DnsName at, String name, Json answer) {
        Vector<Json> records = answer.items("Answer");
        Vector<Decision> decisions = records.map(record -> Decision.found(
                "a resolver answered: " + record.textOr("?", "name") + " " + type(record) + " "
                        + record.textOr("?", "data"),
                record.evidence()));
        Vector<IpAddress> addresses = records.flatMap(RecordedAnswers::address).distinct();
        if (addresses.isEmpty()) {
            return empty(at, name, answer, decisions);
        }
        return Hop.at(at, HopKind.DNS, name)
                .decisions(decisions)
                .branches(addresses.map(address -> Branch.of(
                        new NetworkAddress(new AddressPort(address, at.port()), at.flow(), at.vantage()),
                        Share.of(1, addresses.size()))))
                .assumptions(
                        addresses.size() > 1
                                ? Vector.of("resolvers rotate the addresses of " + name
                                        + ", so each is taken equally often")
                                : Vector.empty())
                .limits(Vector.of("the answer for " + name + " is the one that was recorded, not its configuration"))
                .build();
    }

    private static Hop empty(DnsName at, String name, Json answer, Vector<Decision> records) {
        int status = answer.integer("Status").getOrElse(NXDOMAIN);
        Hop.Builder hop = Hop.at(at, HopKind.DNS, name);
        if (status != NOERROR && status != NXDOMAIN) {
            // The resolver failed to find out; another day it may have.
            return hop.decisions(records.append(
                            Decision.unknown("a resolver failed with status " + status + " for " + name, missing(name))
                                    .with(Vector.of(answer.evidence("Status")))))
                    .unknown()
                    .build();
        }
        String found = status == NXDOMAIN ? "the name does not exist" : "there is no address";
        return hop.decisions(records.append(Decision.notFound(
                        "a resolver answered that " + found + " for " + name, answer.evidence("Status", "Question"))))
                .ends(Disposition.BLACKHOLED)
                .build();
    }

    /** The address of an A or AAAA record. */
    private static Option<IpAddress> address(Json record) {
        int type = record.integer("type").getOrElse(0);
        return record.text("data").flatMap(IpAddress::parse).filter(address -> type == (address.isV6() ? AAAA : A));
    }

    private static String type(Json record) {
        int type = record.integer("type").getOrElse(0);
        return type == A ? "A" : type == AAAA ? "AAAA" : type == CNAME ? "CNAME" : "type " + type;
    }
}
