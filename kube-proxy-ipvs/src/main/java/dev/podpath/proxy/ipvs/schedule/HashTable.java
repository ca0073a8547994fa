package dev.podpath.proxy.ipvs.schedule;

/** A table of a scheduler that hashes: which server a packet gets, with nothing left open. */
interface HashTable {
    /**
     * The server.
     *
     * @param port the source port; 0 where the scheduler does not hash it
     * @return the server, or {@link Choice#NOBODY}
     */
    int server(Flow flow, int port, boolean fallback);
}
