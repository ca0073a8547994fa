package dev.podpath.cli;

import io.vavr.control.Option;

/** The program's own version. */
final class Version {
    private Version() {}

    /** From the jar's manifest; {@code development} where the program does not run from a jar. */
    static String current() {
        return Option.of(Version.class.getPackage().getImplementationVersion()).getOrElse("development");
    }
}
