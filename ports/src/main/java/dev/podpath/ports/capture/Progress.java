package dev.podpath.ports.capture;

/** Hears how a capture gets on. Called from several threads. */
public interface Progress {
    /** Hears nothing. */
    Progress SILENT = new Progress() {
        @Override
        public void at(String what, long done, long total) {}

        @Override
        public void note(String line) {}
    };

    /**
     * So much of something is done.
     *
     * @param what in the plural: {@code pods}, {@code nodes}
     * @param done how many
     * @param total how many there are; 0 where that is not known yet
     */
    void at(String what, long done, long total);

    /** Something the user must be told, in one line or several. */
    void note(String text);
}
