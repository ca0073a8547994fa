package dev.podpath.proxy.ipvs.parse;

import dev.podpath.ports.snapshot.Document;
import io.vavr.control.Option;

/** Tells by its first lines what kind of text a document is. */
final class LayoutFinder {
    private static final int LINES = 12;

    private LayoutFinder() {}

    static Option<Layout> find(Document document) {
        Tokens words = new Tokens(document.bytes());
        Layout listing = null;
        for (int i = 0; i < LINES && words.nextLine(); i++) {
            if (!words.next() || words.is("IP") || words.is("IPVS") || words.first() == '#') {
                continue;
            }
            if (words.is("Prot") && words.next() && words.is("LocalAddress:Port") && words.next()) {
                listing = byColumns(words);
                if (listing != Layout.LISTING) {
                    return Option.of(listing);
                }
            } else if (words.is("->")) {
                return Option.some(remote(words));
            } else if (words.is("pro")) {
                return Option.some(Layout.CONNECTIONS);
            } else if (words.is("Pro")) {
                return Option.some(Layout.PROC_CONNECTIONS);
            } else if (words.first() == '-') {
                return Option.some(Layout.SAVE);
            } else {
                return byRow(words);
            }
        }
        return listing == null
                        && document.bytes().length == 0
                        && document.name().contains("save")
                ? Option.some(Layout.SAVE)
                : Option.of(listing);
    }

    private static Layout byColumns(Tokens words) {
        if (words.is("Weight")) {
            return Layout.PERSISTENT;
        }
        if (words.is("Uthreshold")) {
            return Layout.THRESHOLDS;
        }
        if (words.is("Conns")) {
            return Layout.STATS;
        }
        return words.is("CPS") ? Layout.RATE : Layout.LISTING;
    }

    /** The heading of real servers has one blank before Forward in procfs, a column's width in ipvsadm. */
    private static Layout remote(Tokens words) {
        if (words.next() && words.is("RemoteAddress:Port")) {
            int end = words.to();
            if (words.next() && words.is("Forward") && words.from() == end + 1) {
                return Layout.PROC;
            }
        }
        return Layout.LISTING;
    }

    /** A text without its headings. */
    private static Option<Layout> byRow(Tokens words) {
        boolean mark = words.is("FWM");
        if (!mark && !words.is("TCP") && !words.is("UDP") && !words.is("SCTP") || !words.next()) {
            return Option.none();
        }
        AddressScan address = new AddressScan();
        byte[] text = words.text();
        if (mark) {
            return Option.some(words.length() == 8 && words.first() == '0' ? Layout.PROC : Layout.LISTING);
        }
        if (address.read(text, words.from(), words.to(), false)) {
            return Option.some(Layout.LISTING);
        }
        if (address.read(text, words.from(), words.to(), true)) {
            return Option.some(Layout.PROC);
        }
        if (address.readBare(text, words.from(), words.to(), true)) {
            return Option.some(Layout.PROC_CONNECTIONS);
        }
        return words.length() >= 4 && words.next() && words.next() && words.next()
                ? Option.some(Layout.CONNECTIONS)
                : Option.none();
    }
}
