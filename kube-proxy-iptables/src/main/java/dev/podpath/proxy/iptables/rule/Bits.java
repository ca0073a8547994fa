package dev.podpath.proxy.iptables.rule;

/** Names of bits. */
final class Bits {
    private Bits() {}

    /** The names of the bits that are set, with commas. */
    static String print(int bits, String[] names) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < names.length; i++) {
            if ((bits & 1 << i) != 0) {
                out.append(out.length() == 0 ? "" : ",").append(names[i]);
            }
        }
        return out.toString();
    }
}
