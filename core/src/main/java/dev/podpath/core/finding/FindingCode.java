package dev.podpath.core.finding;

/**
 * A kind of diagnosis. The code never changes its meaning.
 *
 * @param code stable code, {@code PP-} then an area and a number, such as {@code PP-LB-010}
 * @param severity severity unless a finding says otherwise
 * @param title what is wrong, in one line
 * @param explanation how it comes about and what a user sees
 * @param remedy what to do
 */
public record FindingCode(String code, Severity severity, String title, String explanation, String remedy) {
    /** Checks the form of the code. */
    public FindingCode {
        if (!code.matches("PP-[A-Z0-9]+-[0-9]{3}")) {
            throw new IllegalArgumentException("finding code " + code + " is not of the form PP-AREA-000");
        }
    }
}
