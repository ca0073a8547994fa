package dev.podpath.testkit.reference;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import io.vavr.collection.Vector;
import java.util.Locale;

/** Virtual servers in the words of ipvsadm 1.31 and of the kernel (net/netfilter/ipvs/ip_vs_ctl.c). */
final class IpvsText {
    private static final String HEADING = "IP Virtual Server version 1.2.1 (size=4096)\n"
            + "Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port";
    private static final String COLUMNS = " Forward Weight ActiveConn InActConn\n";
    private static final int TICKS_PER_SECOND = 250;

    private final String scheduler;
    /** kube-proxy sets the flag that makes {@code mh} look at the source port too. */
    private final boolean hashesPort;

    IpvsText(String scheduler) {
        this.scheduler = scheduler;
        this.hashesPort = scheduler.equals("mh");
    }

    /** {@code ipvsadm-save -n}. */
    String save(Vector<IpvsServer> servers) {
        StringBuilder out = new StringBuilder();
        for (IpvsServer server : servers) {
            String option = switch (server.protocol()) {
                case TCP -> "-t ";
                case UDP -> "-u ";
                case SCTP -> "--sctp-service ";
            };
            String name = option + server.address();
            out.append("-A ").append(name).append(" -s ").append(scheduler);
            server.persistence().forEach(seconds -> out.append(" -p ").append(seconds));
            out.append(hashesPort ? " -b mh-port\n" : "\n");
            for (AddressPort real : server.servers()) {
                out.append("-a ").append(name).append(" -r ").append(real).append(" -m -w 1\n");
            }
        }
        return out.toString();
    }

    /** {@code ipvsadm -Ln}. */
    String listing(Vector<IpvsServer> servers) {
        StringBuilder out = new StringBuilder(HEADING).append("          ").append(COLUMNS);
        for (IpvsServer server : servers) {
            out.append(padded(server.protocol().name(), 4))
                    .append(' ')
                    .append(server.address())
                    .append(' ')
                    .append(scheduler)
                    .append(hashesPort ? " (mh-port)" : "");
            server.persistence().forEach(seconds -> out.append(" persistent ").append(seconds));
            out.append('\n');
            for (AddressPort real : server.servers()) {
                out.append("  -> ")
                        .append(padded(real.toString(), 28))
                        .append(" Masq    1      0          0         \n");
            }
        }
        return out.toString();
    }

    /** {@code /proc/net/ip_vs}: hexadecimal, timeouts in ticks, flags of the scheduler not shown. */
    String proc(Vector<IpvsServer> servers) {
        StringBuilder out = new StringBuilder(HEADING).append(COLUMNS);
        for (IpvsServer server : servers) {
            boolean v6 = server.address().address().isV6();
            out.append(server.protocol().name())
                    .append("  ")
                    .append(hex(server.address()))
                    .append(' ')
                    .append(scheduler)
                    .append(v6 ? " " : "  ");
            server.persistence()
                    .forEach(seconds -> out.append("persistent ")
                            .append((long) seconds * TICKS_PER_SECOND)
                            .append(v6 ? " 80000000" : " FFFFFFFF"));
            out.append('\n');
            for (AddressPort real : server.servers()) {
                out.append("  -> ").append(hex(real)).append("      Masq    1      0          0         \n");
            }
        }
        return out.toString();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String hex(AddressPort at) {
        IpAddress address = at.address();
        String port = String.format(Locale.ROOT, ":%04X", at.port());
        if (!address.isV6()) {
            return String.format(Locale.ROOT, "%08X", address.v4Bits()) + port;
        }
        StringBuilder groups = new StringBuilder("[");
        for (int group = 0; group < 8; group++) {
            long word = group < 4 ? address.high() : address.low();
            groups.append(group == 0 ? "" : ":")
                    .append(String.format(Locale.ROOT, "%04x", word >>> 48 - 16 * (group % 4) & 0xFFFF));
        }
        return groups + "]" + port;
    }
}
