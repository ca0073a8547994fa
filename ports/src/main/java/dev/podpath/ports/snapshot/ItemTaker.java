package dev.podpath.ports.snapshot;

/** Takes items of a list, in their order. What was taken means nothing where it is not returned with the list. */
@FunctionalInterface
public interface ItemTaker {
    /**
     * Takes an item. Neither it nor a value in it may be kept: the next one is read into its place. What was made of it may,
     * its evidence included.
     *
     * @return whether to go on; otherwise the list is given up
     */
    boolean take(Json item);
}
