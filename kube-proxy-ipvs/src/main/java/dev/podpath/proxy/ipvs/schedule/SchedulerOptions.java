package dev.podpath.proxy.ipvs.schedule;

/**
 * The flags a virtual server gives its scheduler.
 *
 * @param fallback sh-fallback or mh-fallback: another server where the chosen one takes no connections
 * @param port sh-port or mh-port: the source port is hashed too
 * @param hidden whether the document does not tell the flags
 */
public record SchedulerOptions(boolean fallback, boolean port, boolean hidden) {
    /** No flags. */
    public static final SchedulerOptions NONE = new SchedulerOptions(false, false, false);
}
