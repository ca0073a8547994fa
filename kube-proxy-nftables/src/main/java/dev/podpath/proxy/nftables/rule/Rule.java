package dev.podpath.proxy.nftables.rule;

/** A rule: statements that are gone through until one does not hold or decides. */
public final class Rule {
    private final Statement[] statements;
    private final int place;

    /** A rule at a place of the document; the array is taken over. */
    @SuppressWarnings("EI_EXPOSE_REP2")
    public Rule(Statement[] statements, int place) {
        this.statements = statements;
        this.place = place;
    }

    /** How many statements there are. */
    public int size() {
        return statements.length;
    }

    /** A statement. */
    public Statement statement(int i) {
        return statements[i];
    }

    /** Where in the document it begins. */
    public int place() {
        return place;
    }
}
