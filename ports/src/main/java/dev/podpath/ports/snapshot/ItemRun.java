package dev.podpath.ports.snapshot;

/**
 * Items that follow each other in a list. How many stand before them is known when all that comes before was read, or
 * counted when somebody asks earlier. Safe for use from several threads.
 */
final class ItemRun {
    private static final int UNKNOWN = -1;

    private final JsonText text;
    private final String list;
    private final int start;
    private final int first;
    private volatile int before;

    private ItemRun(JsonText text, String list, int start, int first, int before) {
        this.text = text;
        this.list = list;
        this.start = start;
        this.first = first;
        this.before = before;
    }

    /**
     * All items of a list.
     *
     * @param list pointer of the list
     */
    static ItemRun all(JsonText text, String list) {
        return new ItemRun(text, list, 0, 0, 0);
    }

    /**
     * Some items of a list.
     *
     * @param list pointer of the list
     * @param start where the first item of the list begins
     * @param first where the first of these begins
     */
    static ItemRun some(JsonText text, String list, int start, int first) {
        return new ItemRun(text, list, start, first, start == first ? 0 : UNKNOWN);
    }

    JsonText text() {
        return text;
    }

    /** Pointer of the list. */
    String list() {
        return list;
    }

    /** How many items of the list stand before these. */
    int before() {
        if (before == UNKNOWN) {
            before = counted();
        }
        return before;
    }

    /** Tells how many do. */
    void follow(int items) {
        before = items;
    }

    private int counted() {
        JsonScanner scanner = new JsonScanner(text, 0);
        int items = 0;
        int at = start;
        while (at >= 0 && at < first && scanner.item(new JsonTape.Item(this, items, at, 0), at) != null) {
            at = scanner.next();
            items++;
        }
        return items;
    }
}
