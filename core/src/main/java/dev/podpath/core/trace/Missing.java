package dev.podpath.core.trace;

/**
 * Evidence that would be needed and is not in the snapshot.
 *
 * @param what the document or field, as the snapshot would name it
 * @param capture the command a person runs to get it
 */
public record Missing(String what, String capture) {}
