package dev.podpath.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.proxy.ProxyBranch;
import dev.podpath.core.proxy.ProxyOutcome;
import dev.podpath.core.proxy.ProxyVerdict;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Share;
import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Every packet to a virtual address gets a server of some weight, or is told that there is none. */
class RouteProperties {
    private static final String VIP = "10.96.0.10:80";
    private static final String ADDRESSES =
            "[{\"ifname\":\"kube-ipvs0\",\"addr_info\":[{\"local\":\"10.96.0.10\",\"prefixlen\":32}]}]";

    @Provide
    Arbitrary<String> schedulers() {
        return Arbitraries.of(
                "rr",
                "wrr",
                "lc",
                "wlc",
                "sed",
                "nq",
                "fo",
                "sh -b sh-fallback",
                "mh -b mh-fallback",
                "lblc",
                "lblcr",
                "rr -p 10800",
                "wrr -p 60 -M 255.255.0.0");
    }

    @Property(tries = 150)
    void aLiveServerIsFoundWhereThereIsOne(
            @ForAll("schedulers") String scheduler,
            @ForAll @Size(max = 7) List<@IntRange(max = 5) Integer> weights,
            @ForAll boolean rules,
            @ForAll @IntRange(min = 21, max = 65535) int port) {
        StringBuilder saved = new StringBuilder("-A -t " + VIP + " -s " + scheduler + "\n");
        Set<AddressPort> live = HashSet.empty();
        for (int i = 0; i < weights.size(); i++) {
            AddressPort server =
                    AddressPort.parse("10.244.0." + (11 + i) + ":8080").get();
            saved.append("-a -t " + VIP + " -r ")
                    .append(server)
                    .append(" -m -w ")
                    .append(weights.get(i))
                    .append('\n');
            live = weights.get(i) > 0 ? live.add(server) : live;
        }
        HashMap<String, String> files = HashMap.of("ipvsadm-save.txt", saved.toString(), "ip-addr.json", ADDRESSES);
        files = rules ? files.put("iptables-save.txt", "*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n") : files;
        ProxyVerdict verdict = Nodes.proxy(files.toJavaMap())
                .route(Nodes.tcp("198.51.100.7:" + port, VIP), Arrival.of(Arrival.Kind.EXTERNAL));

        if (live.isEmpty()) {
            assertThat(Nodes.ways(verdict)).containsExactly("1 rejected icmp-port-unreachable");
            return;
        }
        for (ProxyBranch branch : verdict.branches()) {
            assertThat(branch.outcome()).isInstanceOf(ProxyOutcome.ToEndpoint.class);
            assertThat(live).contains(((ProxyOutcome.ToEndpoint) branch.outcome()).address());
        }
        if (verdict.branches().forAll(branch -> branch.share() instanceof Share.Exact)) {
            assertThat(verdict.branches()
                            .map(branch -> ((Share.Exact) branch.share()).value())
                            .foldLeft(Fraction.ZERO, Fraction::plus))
                    .isEqualTo(Fraction.ONE);
        }
    }
}
