package dev.podpath.core.verify;

import dev.podpath.core.intent.Expectation;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Packet;
import dev.podpath.core.proxy.ProxyVerdict;

/**
 * One packet that does not end as it is meant to.
 *
 * @param claim whose address it is sent to
 * @param wanted how it is meant to end
 * @param fault what is wrong
 * @param witness the packet
 * @param verdict what the node does with it
 */
record Case(Claim claim, Expectation wanted, CellCheck.Fault fault, Witness witness, ProxyVerdict verdict) {
    Packet packet() {
        return witness.packet();
    }

    AddressPort vip() {
        return packet().to();
    }

    Protocol protocol() {
        return packet().protocol();
    }
}
