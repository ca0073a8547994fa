package dev.podpath.k8s.ingress.nginx.select;

import dev.podpath.k8s.ingress.nginx.conf.Directive;
import dev.podpath.k8s.ingress.nginx.pcre.Pcre;
import dev.podpath.k8s.ingress.nginx.pcre.RegexBudget;
import dev.podpath.k8s.ingress.nginx.pcre.RegexMatch;
import io.vavr.Lazy;
import io.vavr.collection.Vector;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of the servers of one socket ({@code ngx_http_server_names}, {@code ngx_hash_add_key} and
 * {@code ngx_hash_find_combined}). Of two servers with one name the first has it.
 */
final class ServerNames {
    private final Map<String, Entry> exact = new HashMap<>();
    private final Map<String, Entry> heads = new HashMap<>();
    private final Map<String, Entry> tails = new HashMap<>();
    private final List<RegexName> regexes = new ArrayList<>();
    /** Names that no later server can have, which includes {@code a.com} of a {@code .a.com}. */
    private final Set<String> taken = new HashSet<>();

    /**
     * A name and whose it is.
     *
     * @param bare whether a wildcard also stands for what follows its dot
     */
    private record Entry(ServerBlock server, ServerBlock.Name name, boolean bare) {}

    /** A regular expression and whose it is. */
    private record RegexName(ServerBlock server, ServerBlock.Name name, Lazy<Either<String, Pcre>> regex) {}

    ServerNames(Vector<ServerBlock> servers) {
        servers.forEach(server -> server.names().forEach(name -> add(server, name)));
    }

    private void add(ServerBlock server, ServerBlock.Name name) {
        String text = name.text();
        if (text.startsWith("~")) {
            String pattern = text.substring(1);
            boolean caseless = pattern.chars().anyMatch(c -> c >= 'A' && c <= 'Z');
            regexes.add(new RegexName(server, name, Lazy.of(() -> Pcre.compile(pattern, caseless))));
            return;
        }
        String lower = HostName.lower(text);
        if (lower.length() > 1 && lower.startsWith(".")) {
            String bare = lower.substring(1);
            if (taken.add(bare)) {
                heads.putIfAbsent(bare, new Entry(server, name, true));
            }
        } else if (lower.length() > 2 && lower.startsWith("*.")) {
            heads.putIfAbsent(lower.substring(2), new Entry(server, name, false));
        } else if (lower.length() > 2 && lower.endsWith(".*")) {
            tails.putIfAbsent(lower.substring(0, lower.length() - 2), new Entry(server, name, false));
        } else if (taken.add(lower)) {
            exact.put(lower, new Entry(server, name, false));
        }
    }

    /**
     * The server with a name that matches.
     *
     * @param host normalised host; empty text for a request without one
     */
    Either<Undecided, Option<ServerChoice>> find(String host, RegexBudget budget) {
        Entry named = exact.get(host);
        if (named != null) {
            return found(named, ServerMatch.EXACT);
        }
        if (host.isEmpty()) {
            return Either.right(Option.none());
        }
        Option<Entry> head = head(host);
        if (head.isDefined()) {
            return found(head.get(), ServerMatch.LEADING_WILDCARD);
        }
        Option<Entry> tail = tail(host);
        if (tail.isDefined()) {
            return found(tail.get(), ServerMatch.TRAILING_WILDCARD);
        }
        return regex(host, budget);
    }

    private Option<Entry> head(String host) {
        Entry whole = heads.get(host);
        if (whole != null && whole.bare()) {
            return Option.some(whole);
        }
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            Entry entry = heads.get(host.substring(dot + 1));
            if (entry != null) {
                return Option.some(entry);
            }
        }
        return Option.none();
    }

    private Option<Entry> tail(String host) {
        for (int dot = host.lastIndexOf('.'); dot >= 0; dot = host.lastIndexOf('.', dot - 1)) {
            Entry entry = tails.get(host.substring(0, dot));
            if (entry != null) {
                return Option.some(entry);
            }
        }
        return Option.none();
    }

    private Either<Undecided, Option<ServerChoice>> regex(String host, RegexBudget budget) {
        for (RegexName candidate : regexes) {
            Directive at = candidate.name().directive();
            Either<String, Option<RegexMatch>> match = candidate.regex().get().flatMap(pcre -> pcre.find(host, budget));
            if (match.isLeft()) {
                return Either.left(new Undecided(
                        "whether the name " + candidate.name().text() + " matches is not known: " + match.getLeft(),
                        at));
            }
            if (match.get().isDefined()) {
                return Either.right(Option.some(new ServerChoice(
                        candidate.server(), ServerMatch.REGEX, candidate.name().text(), at, match.get())));
            }
        }
        return Either.right(Option.none());
    }

    private static Either<Undecided, Option<ServerChoice>> found(Entry entry, ServerMatch how) {
        return Either.right(Option.some(new ServerChoice(
                entry.server(), how, entry.name().text(), entry.name().directive(), Option.none())));
    }
}
