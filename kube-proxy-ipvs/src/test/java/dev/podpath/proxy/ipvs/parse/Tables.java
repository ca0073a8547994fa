package dev.podpath.proxy.ipvs.parse;

import dev.podpath.core.net.IpAddress;
import dev.podpath.proxy.ipvs.parse.Sample.Server;
import dev.podpath.proxy.ipvs.parse.Sample.Service;
import dev.podpath.proxy.ipvs.table.Forwarding;
import dev.podpath.proxy.ipvs.table.ServiceFlags;
import dev.podpath.proxy.ipvs.table.ServiceKind;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary tables. */
final class Tables {
    private Tables() {}

    static Arbitrary<Sample> samples() {
        return services().list().ofMaxSize(6).uniqueElements(Tables::key).map(Sample::new);
    }

    private static Object key(Service service) {
        return List.of(service.kind(), service.address(), service.port(), service.has(ServiceFlags.V6));
    }

    static Arbitrary<IpAddress> addresses(boolean v6) {
        Arbitrary<Long> half =
                Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.longs().between(0, 0xFFFF), Arbitraries.just(0L));
        return v6
                ? Combinators.combine(half, half).as(IpAddress::v6)
                : Arbitraries.integers().map(IpAddress::v4);
    }

    private static Arbitrary<Service> services() {
        return Combinators.combine(Arbitraries.of(ServiceKind.values()), Arbitraries.of(true, false))
                .flatAs(Tables::services);
    }

    private static Arbitrary<Service> services(ServiceKind kind, boolean v6) {
        boolean mark = kind == ServiceKind.FIREWALL_MARK;
        Arbitrary<IpAddress> address = mark ? Arbitraries.integers().map(IpAddress::v4) : addresses(v6);
        Arbitrary<Integer> port =
                mark ? Arbitraries.just(0) : Arbitraries.integers().between(0, 65535);
        Arbitrary<Integer> mask = v6 ? Arbitraries.of(128, 64, 48) : Arbitraries.of(-1, 0xFFFF_FF00, 0xFFFF_0000);
        return Combinators.combine(
                        address,
                        port,
                        Arbitraries.of("rr", "wrr", "lc", "sh", "mh", "dh", "fo"),
                        Arbitraries.of(true, false).list().ofSize(4),
                        Arbitraries.integers().between(1, 86_400),
                        mask,
                        servers(v6)
                                .list()
                                .ofMinSize(mark && v6 ? 1 : 0)
                                .ofMaxSize(12)
                                .uniqueElements(s -> List.of(s.address(), s.port())))
                .as((a, p, scheduler, bits, timeout, m, servers) -> {
                    boolean hashes = scheduler.equals("sh") || scheduler.equals("mh");
                    int flags = (v6 ? ServiceFlags.V6 : 0)
                            | (bits.get(0) ? ServiceFlags.PERSISTENT : 0)
                            | (bits.get(1) && !mark ? ServiceFlags.ONE_PACKET : 0)
                            | (bits.get(2) && hashes ? ServiceFlags.FALLBACK : 0)
                            | (bits.get(3) && hashes ? ServiceFlags.HASH_PORT : 0);
                    return new Service(kind, a, p, scheduler, flags, timeout, m, servers);
                });
    }

    private static Arbitrary<Server> servers(boolean v6) {
        return Combinators.combine(
                        addresses(v6),
                        Arbitraries.integers().between(0, 65535),
                        Arbitraries.of(Forwarding.MASQUERADE, Forwarding.ROUTE, Forwarding.TUNNEL),
                        Arbitraries.integers().between(0, 65535),
                        Arbitraries.integers().between(0, 2_000_000),
                        Arbitraries.integers().between(0, 2_000_000),
                        Arbitraries.integers().between(0, 1000),
                        Arbitraries.integers().between(0, 1000))
                .as(Server::new);
    }
}
