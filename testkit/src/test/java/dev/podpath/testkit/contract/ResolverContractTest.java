package dev.podpath.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.DnsName;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Branch;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import dev.podpath.core.trace.Hop;
import dev.podpath.core.trace.HopKind;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Target;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.ResolverProvider;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import net.jqwik.api.Example;
import net.jqwik.api.Label;

/** A small resolver of names keeps the contract; the same with a flaw does not. */
class ResolverContractTest implements ResolverContract {
    private static final Flow FLOW = new Flow(Protocol.TCP, Option.none(), Option.none());

    @Override
    public ResolverProvider provider() {
        return new Names(false);
    }

    @Override
    public Map<String, String> documents() {
        return HashMap.of("dns/hosts.txt", "web 192.0.2.1\ndb 192.0.2.2\n", "dns/refused.txt", "192.0.2.2\n");
    }

    @Override
    public Vector<Location> starts() {
        return Vector.of("web", "db", "nobody").map(name -> new DnsName(name, 80, FLOW, new Vantage.Internet()));
    }

    @Example
    @Label("a resolver that takes a missing document for a good sign is found out")
    void optimist() {
        ResolverContractTest outer = this;
        ResolverContract flawed = new ResolverContract() {
            @Override
            public ResolverProvider provider() {
                return new Names(true);
            }

            @Override
            public Map<String, String> documents() {
                return outer.documents();
            }

            @Override
            public Vector<Location> starts() {
                return outer.starts();
            }
        };
        assertThatThrownBy(flawed::lessEvidenceIsNoBetter).isInstanceOf(AssertionError.class);
    }

    /** Resolves names by a file of hosts; a second file lists the addresses where nobody answers. */
    private record Names(boolean optimist) implements ResolverProvider {
        @Override
        public String id() {
            return "names";
        }

        @Override
        public String description() {
            return "a file of hosts";
        }

        @Override
        public Reading<Vector<HopResolver>> open(Snapshot snapshot, Cluster cluster) {
            return Reading.of(Vector.of(new Host(snapshot), new Answer(snapshot, optimist)));
        }
    }

    private record Host(Snapshot snapshot) implements HopResolver {
        @Override
        public String id() {
            return "names.host";
        }

        @Override
        public boolean handles(Location location) {
            return location instanceof DnsName;
        }

        @Override
        public Resolution resolve(Location location) {
            DnsName name = (DnsName) location;
            for (Document document : snapshot.document("dns/hosts.txt")) {
                for (int line = 1; line <= document.lines().count(); line++) {
                    String[] words = document.lines().line(line).split(" ");
                    Option<IpAddress> address = words.length == 2 && words[0].equals(name.host())
                            ? IpAddress.parse(words[1])
                            : Option.none();
                    if (address.isDefined()) {
                        return Resolution.of(Hop.at(name, HopKind.DNS, name.label())
                                .decisions(Vector.of(Decision.found("in the file", document.line(line))))
                                .branches(Vector.of(Branch.all(new NetworkAddress(
                                        new AddressPort(address.get(), name.port()), name.flow(), name.vantage()))))
                                .build());
                    }
                }
            }
            return Resolution.declined();
        }
    }

    private record Answer(Snapshot snapshot, boolean optimist) implements HopResolver {
        @Override
        public String id() {
            return "names.answer";
        }

        @Override
        public boolean handles(Location location) {
            return location instanceof NetworkAddress;
        }

        @Override
        public Resolution resolve(Location location) {
            NetworkAddress at = (NetworkAddress) location;
            Option<Document> refused = snapshot.document("dns/refused.txt");
            boolean listed = refused.exists(
                    document -> Vector.rangeClosed(1, document.lines().count())
                            .exists(line -> document.lines()
                                    .line(line)
                                    .equals(at.address().address().toString())));
            Disposition end = listed
                    ? Disposition.REJECTED
                    : refused.isDefined() || optimist ? Disposition.DELIVERED : Disposition.UNKNOWN;
            return Resolution.of(Hop.at(at, HopKind.END, at.label())
                    .ends(end, Target.at(at.address()))
                    .build());
        }
    }
}
