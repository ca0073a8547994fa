package dev.podpath.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class AddressNumbersProperties {
    @Provide
    Arbitrary<List<IpAddress>> addresses() {
        Arbitrary<IpAddress> v4 = Arbitraries.integers().map(IpAddress::v4);
        Arbitrary<IpAddress> near = Arbitraries.integers().between(0, 50).map(IpAddress::v4);
        Arbitrary<IpAddress> v6 = Arbitraries.longs()
                .flatMap(high -> Arbitraries.longs().between(-3, 3).map(low -> IpAddress.v6(high | 1, low)));
        return Arbitraries.oneOf(v4, near, v6).list().ofMaxSize(200);
    }

    @Property(tries = 300)
    void theFirstNumberIsFoundAgain(
            @ForAll("addresses") List<IpAddress> addresses, @ForAll("addresses") List<IpAddress> others) {
        AddressNumbers numbers = new AddressNumbers();
        Map<IpAddress, Integer> known = new HashMap<>();
        for (int i = 0; i < addresses.size(); i++) {
            numbers.put(addresses.get(i).high(), addresses.get(i).low(), i);
            known.putIfAbsent(addresses.get(i), i);
        }
        assertThat(numbers.isEmpty()).isEqualTo(addresses.isEmpty());
        for (List<IpAddress> asked : List.of(addresses, others)) {
            for (IpAddress address : asked) {
                assertThat(numbers.get(address.high(), address.low())).isEqualTo(known.getOrDefault(address, -1));
            }
        }
    }
}
