package dev.podpath.core.proxy;

import dev.podpath.core.packet.PacketClass;

/** A cell with everything worked out. */
record FinishedCell(PacketClass packets, Ends ends, ProxyVerdict verdict) implements Partition.Cell {}
