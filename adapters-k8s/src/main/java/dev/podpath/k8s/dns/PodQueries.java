package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.cluster.Pod;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Evidence;
import dev.podpath.core.trace.Missing;
import dev.podpath.k8s.dns.corefile.Corefile;
import dev.podpath.k8s.dns.server.Answer;
import dev.podpath.k8s.dns.server.Answer.Code;
import dev.podpath.k8s.dns.server.Question;
import dev.podpath.k8s.dns.server.RecordType;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** The questions a pod really sends for a name, and their answers. */
final class PodQueries {
    private static final Missing SERVICES =
            new Missing("kubernetes/services.json", "kubectl get services -A -o json > kubernetes/services.json");

    private final Cluster cluster;
    private final NameServers servers;
    private final RecordedAnswers recorded;
    private final Conntrack conntrack;

    PodQueries(Cluster cluster, DnsDocuments documents, RecordedAnswers recorded) {
        this.cluster = cluster;
        this.servers = new NameServers(cluster, documents);
        this.recorded = recorded;
        this.conntrack = new Conntrack(documents);
    }

    /**
     * What came of asking.
     *
     * @param lookups the names that were asked for in order; the last settles it
     * @param decisions what was decided
     * @param assumptions what was taken for granted
     * @param findings diagnoses
     */
    record Asked(
            Vector<Lookup> lookups, Vector<Decision> decisions, Vector<String> assumptions, Vector<Finding> findings) {
        /** Whether every name that was asked for got an answer. */
        boolean isCertain() {
            return assumptions.forAll(text -> !text.startsWith("search domains"));
        }

        /** The name that others are asked for. */
        String target(String name) {
            return lookups.lastOption()
                    .flatMap(last -> last.answer().forward())
                    .map(Answer.Forward::name)
                    .getOrElse(name);
        }
    }

    boolean inZone(String name) {
        return Corefile.isIn(name, cluster.domain()) && !name.equals(cluster.domain());
    }

    /** Asks; empty where the pod asks somebody who is not of the cluster, or of whom nothing is known. */
    Option<Asked> ask(String host, Pod pod, ResolvConf conf) {
        if (conf.servers().isEmpty() && !clusterFirst(pod)) {
            return Option.none();
        }
        NameServers.At server = conf.servers().isEmpty()
                ? new NameServers.At(NameServers.Kind.CLUSTER, "the cluster's DNS", Vector.empty(), Vector.empty())
                : servers.at(conf.servers().head(), pod);
        if (server.kind() == NameServers.Kind.FOREIGN) {
            return Option.none();
        }
        CLibrary library = CLibrary.of(pod);
        Walk walk = new Walk(host, pod, conf, server, library);
        return Option.some(walk.run());
    }

    private static boolean clusterFirst(Pod pod) {
        return pod.dnsPolicy().equals("ClusterFirstWithHostNet")
                || pod.dnsPolicy().equals("ClusterFirst") && !pod.hostNetwork();
    }

    /** One walk along the names. */
    private final class Walk {
        private final String host;
        private final Pod pod;
        private final ResolvConf conf;
        private final NameServers.At server;
        private final CLibrary library;
        private Vector<Lookup> lookups = Vector.empty();
        private Vector<Decision> decisions = Vector.empty();
        private Vector<String> assumptions;
        private Vector<Finding> findings = Vector.empty();

        Walk(String host, Pod pod, ResolvConf conf, NameServers.At server, CLibrary library) {
            this.host = host;
            this.pod = pod;
            this.conf = conf;
            this.server = server;
            this.library = library;
            this.assumptions =
                    conf.assumptions().filter(text -> !host.endsWith(".")).appendAll(server.assumptions());
        }

        Asked run() {
            if (!conf.servers().isEmpty()) {
                decisions = decisions.append(NameServers.asks(pod, conf, server, library));
            }
            String itself = RecordedAnswers.absolute(host);
            boolean skipped = false;
            for (String name : library.questions(host, conf)) {
                Lookup lookup = lookup(name, name.equals(itself));
                boolean elsewhere = lookup.answer().code() == Code.FORWARDED && !name.equals(itself);
                if (elsewhere && !recorded.has(name)) {
                    decisions = decisions.append(Decision.skipped(name
                            + " is not looked up: the search domain is not the cluster's, and is taken for one without such"
                            + " a name"));
                    skipped = true;
                    continue;
                }
                if (elsewhere && recorded.addresses(name).isEmpty()) {
                    lookups = lookups.append(lookup);
                    decisions = decisions.append(Decision.notFound("query " + lookups.size() + ": " + name
                                    + ": a resolver answered that there is no such name")
                            .with(recorded.evidence(name)));
                    continue;
                }
                lookups = lookups.append(lookup);
                decisions = decisions.appendAll(lookup.decisions(lookups.size()));
                if (elsewhere) {
                    swallowed(name);
                }
                if (ends(lookup)) {
                    break;
                }
            }
            note(skipped);
            return new Asked(lookups, decisions, assumptions.distinct(), findings);
        }

        private boolean ends(Lookup lookup) {
            Code code = lookup.answer().code();
            return code == Code.RECORDS
                    || code == Code.FORWARDED
                    || code == Code.UNTOLD
                    || !library.goesOn(lookup.answer());
        }

        private Lookup lookup(String name, boolean asItIs) {
            Answer v4 = servers.ask(server.kind(), Question.of(name, RecordType.A));
            Answer v6 = servers.ask(server.kind(), Question.of(name, RecordType.AAAA));
            // A name that ends in svc is nobody's outside, so the cluster must have been meant.
            String itself = RecordedAnswers.absolute(host);
            boolean meant = asItIs || itself.endsWith(".svc") && name.equals(itself + "." + cluster.domain());
            boolean guessed = meant
                    && v4.code() == Code.NAME_ERROR
                    && !cluster.captured().services()
                    && inZone(name)
                    && name.contains(".svc.");
            return guessed ? untold(name) : new Lookup(name, v4, v6);
        }

        private Lookup untold(String name) {
            Answer untold = new Answer(
                    Code.UNTOLD,
                    Vector.empty(),
                    Vector.of(Decision.unknown(
                            "services were not captured, so whether " + name + " exists is not known", SERVICES)),
                    Option.none(),
                    false,
                    Option.none());
            return new Lookup(name, untold, untold);
        }

        private void swallowed(String name) {
            Vector<Evidence> evidence = recorded.evidence(name).appendAll(conf.evidence());
            findings = findings.append(new Finding(
                    DnsFindings.SEARCH_DOMAIN_ANSWERS,
                    DnsFindings.SEARCH_DOMAIN_ANSWERS.severity(),
                    "pod " + pod.id() + " asks for " + host + " and gets the answer for " + name,
                    evidence));
        }

        private void note(boolean skipped) {
            if (skipped) {
                assumptions = assumptions.append("search domains outside the cluster's have no name for " + host);
            }
            boolean searched = lookups.size() > conf.search().size();
            if (searched && !host.endsWith(".")) {
                assumptions = assumptions.appendAll(conf.assumptions());
            }
            String end = lookups.lastOption().map(Lookup::name).getOrElse("");
            Vector<String> other = library.other().questions(host, conf);
            boolean differs = lookups.exists(each -> !library.other().goesOn(each.answer()) && !ends(each))
                    || !other.contains(end)
                    || lookups.exists(each -> each.answer().code() == Code.NO_DATA);
            if (differs && !host.endsWith(".")) {
                assumptions = assumptions.append("the C library of pod " + pod.id() + " is " + library + "; "
                        + library.other() + " would ask for " + other.mkString(", ")
                        + ", and end at the first that does not get NXDOMAIN");
            }
            findings = findings.appendAll(conntrack.races(pod, conf, server, library));
        }
    }
}
