package dev.podpath.proxy.nftables.rule;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects elements; may be used again after {@link #build}. */
public final class ElementsBuilder {
    private static final int[] NO_PLACES = {};
    private static final long[] NO_DATA = {};

    private long[] first = new long[16];
    private long[] last = new long[16];
    private int[] verdicts = new int[8];
    private long[] data = new long[16];
    private int[] places = new int[8];
    private int fields;
    private int elements;
    private int width;
    private int dataFields;
    private int dataWidth;
    private boolean ranges;
    private boolean hasVerdicts;
    private int otherwise = -1;
    private boolean uneven;

    /** Begins an element at a place of the document. */
    public ElementsBuilder begin(int place) {
        if (elements == verdicts.length) {
            verdicts = Arrays.copyOf(verdicts, elements * 2);
            places = Arrays.copyOf(places, elements * 2);
        }
        places[elements] = place;
        verdicts[elements] = Verdict.CONTINUE;
        return this;
    }

    /** Adds a field to the key of the element. */
    public ElementsBuilder field(long firstHigh, long firstLow, long lastHigh, long lastLow) {
        int at = 2 * fields;
        if (at + 2 > first.length) {
            first = Arrays.copyOf(first, at * 2);
            last = Arrays.copyOf(last, at * 2);
        }
        first[at] = firstHigh;
        first[at + 1] = firstLow;
        last[at] = lastHigh;
        last[at + 1] = lastLow;
        ranges |= firstLow != lastLow || firstHigh != lastHigh;
        fields++;
        return this;
    }

    /** Makes the element the one for all keys that no other has. */
    public ElementsBuilder otherwise() {
        otherwise = elements;
        return this;
    }

    /** Gives the element a verdict, packed by {@link Verdict}. */
    public ElementsBuilder verdict(int verdict) {
        verdicts[elements] = verdict;
        hasVerdicts = true;
        return this;
    }

    /** Adds a field to the value of the element. */
    public ElementsBuilder value(long high, long low) {
        int at = 2 * dataFields;
        if (at + 2 > data.length) {
            data = Arrays.copyOf(data, at * 2);
        }
        data[at] = high;
        data[at + 1] = low;
        dataFields++;
        return this;
    }

    /** Ends the element; all must have as many fields, and their values too. */
    public void end() {
        int own = fields - elements * width;
        if (elements == 0) {
            width = Math.max(own, 1);
        }
        if (otherwise == elements) {
            pad();
        } else if (own != width) {
            uneven = true;
            pad();
        }
        int ownData = dataFields - elements * dataWidth;
        if (elements == 0) {
            dataWidth = ownData;
        } else if (ownData != dataWidth) {
            uneven = true;
            while (dataFields < (elements + 1) * dataWidth) {
                value(0, 0);
            }
            dataFields = (elements + 1) * dataWidth;
        }
        elements++;
    }

    private void pad() {
        while (fields < (elements + 1) * width) {
            field(0, 0, 0, 0);
        }
        fields = (elements + 1) * width;
    }

    /** Whether elements had different numbers of fields. */
    public boolean isUneven() {
        return uneven;
    }

    /** How many elements there are. */
    public int size() {
        return elements;
    }

    /** The elements, and whether their places are worth keeping; the builder is empty then. */
    public Elements build(boolean withPlaces) {
        long @Nullable [] ends = ranges ? Arrays.copyOf(last, 2 * fields) : null;
        Elements result = new Elements(
                Math.max(width, 1),
                elements,
                Arrays.copyOf(first, 2 * fields),
                ends,
                hasVerdicts ? Arrays.copyOf(verdicts, elements) : null,
                dataWidth,
                dataFields == 0 ? NO_DATA : Arrays.copyOf(data, 2 * dataFields),
                withPlaces ? Arrays.copyOf(places, elements) : NO_PLACES,
                otherwise);
        fields = 0;
        elements = 0;
        width = 0;
        dataFields = 0;
        dataWidth = 0;
        ranges = false;
        hasVerdicts = false;
        uneven = false;
        otherwise = -1;
        return result;
    }
}
