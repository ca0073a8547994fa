package dev.podpath.core.intent;

/** Who sends a packet, as far as the rules of kube-proxy tell senders apart. */
public enum Sender {
    /** Taken for a pod by the local detection, even where the address is the node's own. */
    POD,
    /** An address of the node itself. */
    NODE,
    /** Anybody else. */
    OTHER
}
