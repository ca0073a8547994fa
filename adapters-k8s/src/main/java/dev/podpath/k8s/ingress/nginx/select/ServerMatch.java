package dev.podpath.k8s.ingress.nginx.select;

/** Why a server was chosen, in the order in which nginx looks. */
public enum ServerMatch {
    /** By its name. */
    EXACT("exact name"),
    /** By the longest name that begins with {@code *.} or a dot. */
    LEADING_WILDCARD("longest wildcard at the beginning"),
    /** By the longest name that ends in {@code .*}. */
    TRAILING_WILDCARD("longest wildcard at the end"),
    /** By the first regular expression in the file that matches. */
    REGEX("first matching regular expression"),
    /** No name matches, and the socket's {@code default_server} is this. */
    DEFAULT_SERVER("no name matches; default_server of the socket"),
    /** No name matches, no server is the default, and this is the first of the socket. */
    FIRST_SERVER("no name matches; first server of the socket");

    private final String words;

    ServerMatch(String words) {
        this.words = words;
    }

    /** In words. */
    public String words() {
        return words;
    }
}
