package dev.podpath.aliyun.ecs;

import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import io.vavr.control.Option;

/** What stands before an interface: its security groups and its vSwitch's network ACL. */
public interface Gate {
    /**
     * Lets a connection in, or not.
     *
     * @param eni the interface that has the address, where it was captured
     * @param instance the instance it is attached to
     * @param at the connection
     * @param notes what is noted
     * @return how the path ends; empty where it goes on
     */
    Option<Resolution> arriving(Option<NetworkInterface> eni, String instance, NetworkAddress at, HopDraft notes);
}
