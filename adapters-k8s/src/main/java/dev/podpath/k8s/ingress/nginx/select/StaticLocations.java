package dev.podpath.k8s.ingress.nginx.select;

import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The locations of one block that are no regular expressions, in a tree as nginx builds it
 * ({@code ngx_http_create_locations_tree}): each prefix holds the names that go on from it.
 */
final class StaticLocations {
    private final @Nullable Node root;

    StaticLocations(Vector<LocationBlock> locations) {
        SortedMap<String, Pair> byName = new TreeMap<>(StaticLocations::compare);
        for (LocationBlock location : locations) {
            Pair pair = byName.computeIfAbsent(location.name(), name -> new Pair());
            if (location.kind() == LocationBlock.Kind.EXACT) {
                pair.exact = pair.exact == null ? location : pair.exact;
            } else {
                pair.inclusive = pair.inclusive == null ? location : pair.inclusive;
            }
        }
        this.root = build(byName);
    }

    /** What the locations say to a path. */
    sealed interface Result {
        /** No location. */
        record None() implements Result {}

        /** The location that is exactly the path. */
        record Exact(LocationBlock location) implements Result {}

        /** The location with the longest prefix. */
        record Prefix(LocationBlock location) implements Result {}

        /** The location that the path with a slash at its end would be in. */
        record Slash(LocationBlock location) implements Result {}
    }

    Result find(String path) {
        Result result = new Result.None();
        Node node = root;
        int at = 0;
        while (node != null) {
            int rest = path.length() - at;
            int length = node.text.length();
            int order = compare(path, at, node.text, Math.min(rest, length));
            if (order != 0) {
                node = order < 0 ? node.left : node.right;
            } else if (rest > length) {
                LocationBlock inclusive = node.pair.inclusive;
                if (inclusive == null) {
                    node = node.right;
                } else {
                    result = new Result.Prefix(inclusive);
                    at += length;
                    node = node.below;
                }
            } else if (rest == length) {
                return node.pair.exact == null ? new Result.Prefix(node.pair.any()) : new Result.Exact(node.pair.any());
            } else {
                if (rest + 1 == length && node.pair.redirectsToSlash()) {
                    result = new Result.Slash(node.pair.any());
                }
                node = node.left;
            }
        }
        return result;
    }

    private static int compare(String path, int from, String text, int length) {
        for (int i = 0; i < length; i++) {
            int order = rank(path.charAt(from + i)) - rank(text.charAt(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compare(String a, String b) {
        int order = compare(a, 0, b, Math.min(a.length(), b.length()));
        return order != 0 ? order : Integer.compare(a.length(), b.length());
    }

    /** A slash comes before every other character ({@code ngx_filename_cmp}). */
    private static int rank(char c) {
        return c == '/' ? 0 : c;
    }

    /** The exact and the other location of one name; one of them is there. */
    private static final class Pair {
        @Nullable
        LocationBlock exact;

        @Nullable
        LocationBlock inclusive;

        LocationBlock any() {
            LocationBlock first = exact;
            return first != null ? first : Option.of(inclusive).get();
        }

        boolean redirectsToSlash() {
            LocationBlock a = exact;
            LocationBlock b = inclusive;
            return a != null && a.redirectsToSlash() || b != null && b.redirectsToSlash();
        }
    }

    /** A node: what it adds to the name of the node it is below, and what is before, after and below it. */
    private static final class Node {
        final String text;
        final Pair pair;

        @Nullable
        Node left;

        @Nullable
        Node right;

        @Nullable
        Node below;

        Node(String text, Pair pair) {
            this.text = text;
            this.pair = pair;
        }
    }

    /** A name with the names that it is a prefix of. */
    private record Item(String name, Pair pair, List<Item> below) {}

    private static @Nullable Node build(SortedMap<String, Pair> byName) {
        List<Item> top = new ArrayList<>();
        Deque<Item> open = new ArrayDeque<>();
        for (Map.Entry<String, Pair> entry : byName.entrySet()) {
            Item item = new Item(entry.getKey(), entry.getValue(), new ArrayList<>());
            while (!open.isEmpty() && !item.name().startsWith(open.element().name())) {
                open.pop();
            }
            (open.isEmpty() ? top : open.element().below()).add(item);
            if (item.pair().inclusive != null) {
                open.push(item);
            }
        }
        return tree(top);
    }

    /** The part of a list that a node is still to be made of. */
    private record Work(List<Item> items, int prefix, Node parent) {}

    private static @Nullable Node tree(List<Item> top) {
        Deque<Work> work = new ArrayDeque<>();
        Node root = balanced(top, 0, top.size(), 0, work);
        while (!work.isEmpty()) {
            Work next = work.pop();
            next.parent().below = balanced(next.items(), 0, next.items().size(), next.prefix(), work);
        }
        return root;
    }

    /** Recursion as deep as the logarithm of the list's size. */
    private static @Nullable Node balanced(List<Item> items, int from, int to, int prefix, Deque<Work> work) {
        if (from == to) {
            return null;
        }
        int middle = from + (to - from) / 2;
        Item item = items.get(middle);
        Node node = new Node(item.name().substring(prefix), item.pair());
        node.left = balanced(items, from, middle, prefix, work);
        node.right = balanced(items, middle + 1, to, prefix, work);
        if (!item.below().isEmpty()) {
            work.push(new Work(item.below(), item.name().length(), node));
        }
        return node;
    }
}
