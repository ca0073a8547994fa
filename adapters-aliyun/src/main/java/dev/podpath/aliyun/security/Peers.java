package dev.podpath.aliyun.security;

import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Item;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.net.IpAddress;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who is in a security group or a prefix list, where rules name those instead of addresses. */
final class Peers {
    private final Map<IpAddress, Set<String>> groups = new HashMap<>();
    private final Map<String, Vector<String>> prefixLists = new HashMap<>();
    private final boolean whole;

    Peers(Responses responses) {
        for (Item item : responses.items(Api.NETWORK_INTERFACES)) {
            Vector<String> ids = item.json().texts("SecurityGroupIds", "SecurityGroupId");
            Vector<Json> sets = item.json().items("PrivateIpSets", "PrivateIpSet");
            sets.flatMap(set -> set.text("PrivateIpAddress"))
                    .appendAll(item.json().text("PrivateIpAddress"))
                    .appendAll(item.json().items("Ipv6Sets", "Ipv6Set").flatMap(set -> set.text("Ipv6Address")))
                    .flatMap(IpAddress::parse)
                    .forEach(address -> add(address, ids));
        }
        for (Item item : responses.items(Api.INSTANCES)) {
            Vector<String> ids = item.json().texts("SecurityGroupIds", "SecurityGroupId");
            item.json()
                    .texts("VpcAttributes", "PrivateIpAddress", "IpAddress")
                    .flatMap(IpAddress::parse)
                    .filter(address -> !ids.isEmpty() && !groups.containsKey(address))
                    .forEach(address -> add(address, ids));
        }
        responses
                .items(Api.PREFIX_LIST)
                .forEach(item -> prefixLists.put(
                        item.json().textOr("", "PrefixListId"),
                        item.json().items("Entries", "Entry").flatMap(entry -> entry.text("Cidr"))));
        whole = responses.isWhole(Api.NETWORK_INTERFACES);
    }

    private void add(IpAddress address, Vector<String> ids) {
        groups.computeIfAbsent(address, a -> new HashSet<>()).addAll(ids.asJava());
    }

    Match inGroup(Option<IpAddress> address, String group) {
        if (address.isEmpty()) {
            return Match.MAYBE;
        }
        Set<String> of = groups.get(address.get());
        if (of == null) {
            return whole ? Match.NO : Match.MAYBE;
        }
        return Match.of(of.contains(group));
    }

    Match inPrefixList(Option<IpAddress> address, String list) {
        Vector<String> entries = prefixLists.get(list);
        return entries == null
                ? Match.MAYBE
                : SecurityRule.any(entries.map(entry -> SecurityRule.inside(entry, address)));
    }
}
