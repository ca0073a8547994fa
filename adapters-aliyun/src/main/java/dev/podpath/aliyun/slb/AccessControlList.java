package dev.podpath.aliyun.slb;

import dev.podpath.aliyun.response.Response;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.trace.Evidence;
import dev.podpath.ports.snapshot.Json;
import io.vavr.Tuple2;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * The entries of an access control list.
 *
 * @param id its id
 * @param entries the ranges, with where they are
 * @param whole whether all entries were captured and understood
 * @param evidence where the list is
 */
record AccessControlList(String id, Vector<Tuple2<IpPrefix, Json>> entries, boolean whole, Evidence evidence) {
    /** The list in these pages of one response. */
    static AccessControlList of(String id, Vector<Response> pages, boolean allPages) {
        Vector<Json> listed = pages.flatMap(page -> page.body().items("AclEntrys", "AclEntry"));
        Vector<Tuple2<IpPrefix, Json>> entries = listed.flatMap(entry -> entry.text("AclEntryIP")
                .map(String::strip)
                .flatMap(IpPrefix::parse)
                .map(prefix -> new Tuple2<>(prefix, entry)));
        Evidence evidence = pages.head().body().evidence("AclId", "AclName", "TotalAclEntry");
        return new AccessControlList(id, entries, allPages && entries.size() == listed.size(), evidence);
    }

    /** The entry with the longest prefix that holds the address. */
    Option<Tuple2<IpPrefix, Json>> match(IpAddress address) {
        return entries.filter(entry -> entry._1().contains(address))
                .maxBy(entry -> entry._1().length());
    }

    /** The entry that holds every address of a family. */
    Option<Tuple2<IpPrefix, Json>> matchAll(boolean v6) {
        return entries.find(
                entry -> entry._1().length() == 0 && entry._1().address().isV6() == v6);
    }
}
