package dev.podpath.ports.snapshot;

/** Where a tape comes from: it is kept, or made again when something on it is quoted. */
interface TapeSource {
    /** The tape. */
    JsonTape tape();
}
