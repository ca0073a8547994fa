package dev.podpath.k8s.dns.server;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.k8s.dns.corefile.Corefile;
import dev.podpath.k8s.dns.corefile.Corefile.Directive;
import dev.podpath.k8s.dns.corefile.Corefile.Server;
import dev.podpath.k8s.dns.server.Answer.Code;
import dev.podpath.k8s.ingress.nginx.pcre.Pcre;
import dev.podpath.k8s.ingress.nginx.pcre.RegexBudget;
import dev.podpath.k8s.objects.ObjectList;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;

/**
 * A CoreDNS: takes a question through the plugins of the server block for its name, in the order that CoreDNS has them ({@code plugin.cfg}):
 * {@code rewrite}, {@code template}, {@code hosts}, {@code kubernetes}, {@code forward}.
 */
public final class NameServer {
    /** Plugins that hold records of their own, which are not captured. */
    private static final Vector<String> RECORDS_ELSEWHERE = Vector.of(
            "file", "auto", "secondary", "etcd", "k8s_external", "route53", "azure", "clouddns", "federation");

    private static final int MAX_ALIASES = 8;

    private final Option<Corefile> corefile;
    private final ClusterRecords records;
    private final String domain;

    private NameServer(Option<Corefile> corefile, ClusterRecords records, String domain) {
        this.corefile = corefile;
        this.records = records;
        this.domain = domain;
    }

    /**
     * A name server of the cluster.
     *
     * @param corefile its configuration; where there is none it is taken to serve the cluster's domain and to forward the rest
     */
    public static NameServer of(Option<Corefile> corefile, Cluster cluster, ObjectList namespaces) {
        return new NameServer(corefile, new ClusterRecords(cluster, namespaces), cluster.domain());
    }

    /** Answers. Total. */
    public Answer answer(Question question) {
        return answer(question, 0);
    }

    private Answer answer(Question question, int depth) {
        if (corefile.isEmpty()) {
            return usual(question);
        }
        Option<Server> server = corefile.get().serverFor(question.name());
        if (server.isEmpty()) {
            return Answer.without(Code.REFUSED, "no server block of the Corefile holds " + question.name(), evidence());
        }
        return through(server.get(), question, depth);
    }

    private Answer usual(Question question) {
        KubernetesPlugin plugin = new KubernetesPlugin(records, KubernetesOptions.usual(domain), Vector.empty());
        Option<String> zone = plugin.options().zoneOf(question.name());
        if (zone.isDefined()) {
            Answer answer = plugin.answer(question, zone.get());
            if (answer.code() != Code.NAME_ERROR || !plugin.options().fallsThrough(question.name())) {
                return answer;
            }
        }
        return Answer.forwarded(
                question.name(),
                Vector.of("/etc/resolv.conf"),
                question.name() + " is not of the cluster, so the cluster's DNS asks the node's name servers",
                Vector.empty());
    }

    private Vector<Evidence> evidence() {
        return corefile.map(Corefile::evidence).toVector();
    }

    private Answer through(Server server, Question asked, int depth) {
        Vector<Decision> before = Vector.empty();
        Question question = asked;
        boolean restore = false;
        for (RewriteRule rule : server.all("rewrite").flatMap(RewriteRule::of)) {
            Either<String, Option<String>> applied = rule.apply(question.name());
            if (applied.isLeft()) {
                return Answer.untold(applied.getLeft()).after(before);
            }
            if (applied.get().isDefined()) {
                before = before.append(Decision.of(
                        Decision.Action.TRANSLATED,
                        "CoreDNS asks for " + applied.get().get() + " instead of " + question.name() + ": "
                                + rule.directive(),
                        evidence().toJavaArray(Evidence[]::new)));
                question = question.about(applied.get().get());
                restore |= rule.restoresAnswer() || rule.how().equals("exact");
                if (!rule.goesOn()) {
                    break;
                }
            }
        }
        Answer answer = plugins(server, question, depth);
        return (restore ? answer.with(renamed(answer, question.name(), asked.name())) : answer).after(before);
    }

    private static Vector<ResourceRecord> renamed(Answer answer, String from, String to) {
        return answer.records()
                .map(record ->
                        record.name().equals(from) ? new ResourceRecord(to, record.type(), record.data()) : record);
    }

    private Answer plugins(Server server, Question question, int depth) {
        Option<Answer> template =
                server.all("template").flatMap(each -> template(each, question)).headOption();
        if (template.isDefined()) {
            return template.get();
        }
        Option<Answer> hosts = server.all("hosts")
                .flatMap(each -> hosts(each, server, question))
                .headOption();
        if (hosts.isDefined()) {
            return hosts.get();
        }
        for (Directive directive : server.all("kubernetes")) {
            KubernetesPlugin plugin =
                    new KubernetesPlugin(records, KubernetesOptions.of(directive, server.zones()), evidence());
            Option<String> zone = plugin.options().zoneOf(question.name());
            if (zone.isDefined()) {
                Answer answer = plugin.answer(question, zone.get());
                boolean next =
                        answer.code() == Code.NAME_ERROR && plugin.options().fallsThrough(question.name());
                if (!next) {
                    return followed(answer, question, depth);
                }
            }
        }
        Option<Directive> elsewhere = server.directives().find(each -> RECORDS_ELSEWHERE.contains(each.name()));
        if (elsewhere.isDefined()) {
            return Answer.untold("the records of CoreDNS's plugin " + elsewhere.get() + " were not captured");
        }
        return forward(server, question);
    }

    /** An alias into the cluster is answered in one go; one that leads out is left to who asks. */
    private Answer followed(Answer answer, Question question, int depth) {
        Option<ResourceRecord> alias = answer.records().find(record -> record.type() == RecordType.CNAME);
        boolean address = question.type() == RecordType.A || question.type() == RecordType.AAAA;
        if (alias.isEmpty() || !address || depth >= MAX_ALIASES) {
            return answer;
        }
        Answer target = answer(new Question(alias.get().data(), question.type()), depth + 1);
        return target.isPositive() ? answer.with(answer.records().appendAll(target.records())) : answer;
    }

    private Option<Answer> template(Directive directive, Question question) {
        Vector<String> args = directive.args();
        boolean type = args.size() < 2
                || args.get(1).equalsIgnoreCase("ANY")
                || args.get(1).equalsIgnoreCase(question.type().name());
        boolean zone =
                args.size() < 3 || args.drop(2).exists(each -> Corefile.isIn(question.name(), Corefile.name(each)));
        if (!type || !zone) {
            return Option.none();
        }
        Vector<String> patterns =
                directive.block().filter(each -> each.name().equals("match")).flatMap(Directive::args);
        for (String pattern : patterns) {
            Either<String, Boolean> matches = Pcre.compile(pattern, false)
                    .flatMap(compiled -> compiled.find(question.name() + ".", RegexBudget.standard()))
                    .map(Option::isDefined);
            if (matches.isLeft()) {
                return Option.some(
                        Answer.untold("whether " + directive + " applies is not known: " + matches.getLeft()));
            }
            if (matches.get()) {
                return Option.some(filled(directive, question));
            }
        }
        return patterns.isEmpty() ? Option.some(filled(directive, question)) : Option.none();
    }

    private Answer filled(Directive directive, Question question) {
        String why = "CoreDNS answers " + question.name() + " by itself: " + directive;
        Option<String> code =
                directive.option("rcode").flatMap(each -> each.args().headOption());
        Vector<ResourceRecord> answers = directive
                .block()
                .filter(each -> each.name().equals("answer"))
                .flatMap(each -> record(each.args().mkString(" "), question));
        int written = directive.block().count(each -> each.name().equals("answer"));
        if (answers.size() < written) {
            return Answer.untold(
                    "what CoreDNS answers by " + directive + " is made by a template that is not followed");
        }
        if (!answers.isEmpty()) {
            return Answer.records(answers, why, evidence());
        }
        boolean gone = code.exists("NXDOMAIN"::equalsIgnoreCase);
        return Answer.without(
                gone ? Code.NAME_ERROR : code.exists("SERVFAIL"::equalsIgnoreCase) ? Code.FAILURE : Code.NO_DATA,
                why,
                evidence());
    }

    /** {@code {{ .Name }} 60 IN A 10.0.0.1}; empty where it is made of anything else. */
    private static Option<ResourceRecord> record(String text, Question question) {
        String[] words = text.replace("{{ .Name }}", question.name() + ".")
                .replace("{{.Name}}", question.name() + ".")
                .strip()
                .split("\\s+");
        int in = Vector.of(words).indexOf("IN");
        boolean simple = in > 0
                && words.length == in + 3
                && !text.replace("{{ .Name }}", "").replace("{{.Name}}", "").contains("{{");
        return simple && words[in + 1].equals(question.type().name())
                ? Option.some(
                        new ResourceRecord(Corefile.name(words[0]), question.type(), Corefile.name(words[in + 2])))
                : Option.none();
    }

    private Option<Answer> hosts(Directive directive, Server server, Question question) {
        boolean file = directive.args().headOption().exists(arg -> arg.startsWith("/"));
        Vector<String> zones = (file ? directive.args().tail() : directive.args()).map(Corefile::name);
        if (!(zones.isEmpty() ? server.zones() : zones).exists(zone -> Corefile.isIn(question.name(), zone))) {
            return Option.none();
        }
        Vector<Directive> lines =
                directive.block().filter(line -> IpAddress.parse(line.name()).isDefined());
        Vector<Directive> named =
                lines.filter(line -> line.args().map(Corefile::name).contains(question.name()));
        Vector<ResourceRecord> found = named.map(
                        line -> ResourceRecord.address(question.name(), IpAddress.of(line.name())))
                .filter(record -> record.type() == question.type());
        if (!found.isEmpty()) {
            return Option.some(Answer.records(
                    found, "the Corefile's hosts have " + question.name() + ": " + named.mkString("; "), evidence()));
        }
        if (!named.isEmpty()) {
            return Option.some(Answer.without(
                    Code.NO_DATA,
                    "the Corefile's hosts have no " + question.type() + " of " + question.name(),
                    evidence()));
        }
        Option<Directive> fall = directive.option("fallthrough");
        boolean next = fall.exists(each -> each.args().isEmpty()
                || each.args().exists(zone -> Corefile.isIn(question.name(), Corefile.name(zone))));
        return next
                ? Option.none()
                : Option.some(Answer.without(
                        Code.NAME_ERROR,
                        "the Corefile's hosts do not have " + question.name()
                                + ", and nothing after them is asked (no fallthrough)",
                        evidence()));
    }

    private Answer forward(Server server, Question question) {
        Vector<Directive> fitting = server.all("forward")
                .appendAll(server.all("proxy"))
                .filter(each ->
                        each.args().headOption().exists(from -> Corefile.isIn(question.name(), Corefile.name(from))))
                .reject(each -> each.option("except")
                        .exists(option ->
                                option.args().exists(name -> Corefile.isIn(question.name(), Corefile.name(name)))));
        return fitting.maxBy(each -> Corefile.name(each.args().head()).length())
                .map(each -> Answer.forwarded(
                        question.name(),
                        each.args().tail(),
                        "CoreDNS asks " + each.args().tail().mkString(", ") + " for " + question.name(),
                        evidence()))
                .getOrElse(() -> Answer.without(
                        Code.FAILURE, "no plugin of the Corefile answers for " + question.name(), evidence()));
    }
}
