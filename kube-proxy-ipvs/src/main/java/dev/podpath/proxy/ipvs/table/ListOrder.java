package dev.podpath.proxy.ipvs.table;

/** In which order a document lists the real servers of a virtual server. */
public enum ListOrder {
    /** The order of the kernel's list: the server added last comes first. */
    KERNEL,
    /** Sorted by address, or as somebody wrote them: the kernel's order is hidden. */
    HIDDEN
}
