package dev.podpath.aliyun.hop;

import dev.podpath.core.net.IpAddress;
import dev.podpath.core.trace.Evidence;
import io.vavr.control.Option;

/** Whose public addresses are whose in the captured account. */
public interface AddressBook {
    /**
     * What has this address: a load balancer, an elastic address, an instance.
     *
     * @return the place that shows it
     */
    Option<Evidence> owner(IpAddress address);

    /** Whether every public address of the account would be found, so that one that is not found is none of it. */
    boolean isWhole();

    /** Whether the account has load balancers that were captured. */
    boolean hasLoadBalancers();
}
