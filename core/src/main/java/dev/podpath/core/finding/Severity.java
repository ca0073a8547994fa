package dev.podpath.core.finding;

/** How bad a finding is for the requests it concerns. */
public enum Severity {
    /** Worth knowing; requests work. */
    INFO,
    /** Requests work now, or only some are concerned. */
    WARNING,
    /** Requests fail, or go where they must not. */
    ERROR
}
