package dev.podpath.k8s.dns;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What a process's C library reads ({@code /etc/resolv.conf}, resolv.conf(5)).
 *
 * @param servers name servers; a C library asks no more than three
 * @param search the search list, names without a dot at their end
 * @param options {@code name} or {@code name:value}; of one name the last counts
 * @param evidence where it is from
 * @param assumptions what was taken for granted
 */
record ResolvConf(
        Vector<IpAddress> servers,
        Vector<String> search,
        Vector<String> options,
        Vector<Evidence> evidence,
        Vector<String> assumptions) {
    private static final int MAX_SERVERS = 3;
    /** glibc takes no more ({@code ndots:n} of resolv.conf(5)). */
    private static final int MAX_NDOTS = 15;

    /** Reads the text of the file; what makes no sense is passed over, as a C library does. */
    static ResolvConf parse(String text, Evidence evidence) {
        Vector<IpAddress> servers = Vector.empty();
        Vector<String> search = Vector.empty();
        Vector<String> options = Vector.empty();
        for (String line : text.split("\n", -1)) {
            String[] words = line.strip().split("[ \\t]+");
            Vector<String> rest = Vector.of(words).drop(1);
            switch (words[0]) {
                case "nameserver" ->
                    servers = servers.appendAll(rest.headOption().flatMap(IpAddress::parse));
                case "search", "domain" ->
                    search = rest.map(ResolvConf::relative).reject(String::isEmpty);
                case "options" -> options = options.appendAll(rest);
                default -> {
                    // Comments, sortlist and what is not known.
                }
            }
        }
        return new ResolvConf(servers.take(MAX_SERVERS), search, options, Vector.of(evidence), Vector.empty());
    }

    private static String relative(String name) {
        String lower = name.toLowerCase(java.util.Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** The same with what {@code dnsConfig} of a pod adds. */
    ResolvConf with(Vector<IpAddress> moreServers, Vector<String> moreSearch, Vector<String> moreOptions) {
        return new ResolvConf(
                servers.appendAll(moreServers).distinct().take(MAX_SERVERS),
                search.appendAll(moreSearch).distinct(),
                options.appendAll(moreOptions),
                evidence,
                assumptions);
    }

    /** A name with at least so many dots is asked for as it is first. */
    int ndots() {
        return number("ndots").map(dots -> Math.min(dots, MAX_NDOTS)).getOrElse(1);
    }

    private Option<Integer> number(String option) {
        return options.filter(each -> each.startsWith(option + ":"))
                .lastOption()
                .map(each -> each.substring(option.length() + 1))
                .filter(digits -> digits.matches("[0-9]{1,6}"))
                .map(Integer::parseInt);
    }

    boolean has(String option) {
        return options.contains(option);
    }

    /** As people read it. */
    String summary() {
        return servers.mkString(", ") + "; search " + (search.isEmpty() ? "none" : search.mkString(" ")) + "; ndots:"
                + ndots();
    }
}
