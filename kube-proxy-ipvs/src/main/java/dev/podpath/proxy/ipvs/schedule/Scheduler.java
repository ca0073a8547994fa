package dev.podpath.proxy.ipvs.schedule;

/** A scheduler of IPVS, as the kernel implements it: which real server gets a new connection. */
public interface Scheduler {
    /** Its name, as {@code ipvsadm} has it. */
    String name();

    /** Whether its choice depends on how many connections the servers have. */
    default boolean countsConnections() {
        return false;
    }

    /** Whether its choice depends on the packet's source. */
    default boolean dependsOnSource() {
        return false;
    }

    /**
     * What can be told of its choice for every packet to the flow's destination, whatever its source.
     *
     * @param servers the real servers with their weights known; at least one
     * @param flow one of the packets
     * @param flags flags of the virtual server
     */
    default Choice chooseForAll(ServerList servers, Flow flow, SchedulerOptions flags) {
        return choose(servers, flow, flags);
    }

    /**
     * What can be told of its choice.
     *
     * @param servers the real servers with their weights known; at least one
     * @param flow the packet
     * @param flags flags of the virtual server
     */
    Choice choose(ServerList servers, Flow flow, SchedulerOptions flags);
}
