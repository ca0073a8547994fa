package dev.podpath.ports;

/** Placeholder replaced below. */
public final class Podpath {
    private Podpath() {}
}
