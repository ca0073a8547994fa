package dev.podpath.it.ipvslab;

import java.util.ArrayList;
import java.util.List;

/** Counts of a replay. */
final class Tally {
    int recordings;
    int decisions;
    /** Reproduced by stepping the scheduler from the loaded table. */
    int stepped;
    /** Told exactly by a listing in the kernel's order. */
    int exactOrdered;
    /** Told as one of several by a listing in the kernel's order, and so it was. */
    int setOrdered;
    /** The same of a sorted listing. */
    int exactSorted;

    int setSorted;
    /** Packets that must not be scheduled, and were not. */
    int untouched;

    final List<String> wrong = new ArrayList<>();

    @Override
    public String toString() {
        return recordings + " recordings, " + decisions + " decisions: " + stepped
                + " reproduced by stepping; listing in "
                + "the kernel's order: " + exactOrdered + " exact, " + setOrdered
                + " in the predicted set; sorted listing: "
                + exactSorted + " exact, " + setSorted + " in the predicted set; " + untouched
                + " packets not scheduled; "
                + wrong.size() + " wrong";
    }
}
