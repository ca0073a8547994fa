package dev.podpath.proxy.iptables.parse;

import static dev.podpath.proxy.iptables.Nodes.external;
import static dev.podpath.proxy.iptables.Nodes.lab;
import static dev.podpath.proxy.iptables.Nodes.packet;
import static dev.podpath.proxy.iptables.Nodes.pod;
import static dev.podpath.proxy.iptables.Nodes.show;
import static dev.podpath.proxy.iptables.Nodes.tcp;
import static dev.podpath.proxy.iptables.Nodes.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.podpath.core.net.Protocol;
import dev.podpath.core.packet.Arrival;
import dev.podpath.core.packet.Packet;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.iptables.rule.IpSets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Reading {@code ipset save}, and what the sets then hold. */
class SetsReaderTest {
    private static Reading<IpSets> read(String text) {
        return read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Reading<IpSets> read(byte[] bytes) {
        return SetsReader.read(new Document("nodes/n1/ipset-save.txt", bytes));
    }

    private static void problem(String text, int line, String found) {
        assertThat(read(text).problems().map(Object::toString))
                .as(text)
                .anyMatch(message ->
                        message.startsWith("nodes/n1/ipset-save.txt:" + line + ": found ") && message.contains(found));
    }

    /** What becomes of a packet where a set with these elements drops what it holds. */
    private static String verdict(String set, String directions, Packet packet, Arrival arrival) {
        String rules = "*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\n-A FORWARD -m set --match-set s "
                + directions + " -j DROP\nCOMMIT\n";
        return show(lab(rules, "ipset-save.txt", set).route(packet, arrival));
    }

    private static String verdict(String set, String directions) {
        return verdict(set, directions, tcp("198.51.100.7", "10.244.0.11:80"), external());
    }

    @Test
    void twoNetworks() {
        String set = "create s hash:net,net family inet\nadd s 198.51.100.0/24,10.244.0.0/16\n";
        assertThat(verdict(set, "src,dst")).isEqualTo("DROP");
        assertThat(verdict(set, "dst,src")).isEqualTo("UNTOUCHED");
        assertThat(verdict(set + "add s 198.51.100.0/24,10.244.0.0/24 nomatch\n", "src,dst"))
                .isEqualTo("UNTOUCHED");
        assertThat(verdict(set + "add s 198.0.0.0/8,10.244.0.11/32 nomatch\n", "src,dst"))
                .as("the first network's length goes before the second's")
                .isEqualTo("DROP");
    }

    @Test
    void twoNetworksAndAPort() {
        String set = "create s hash:net,port,net family inet\nadd s 198.51.100.0/24,tcp:80,10.244.0.0/16\n";
        assertThat(verdict(set, "src,dst,dst")).isEqualTo("DROP");
        assertThat(verdict(set, "src,dst,dst", udp("198.51.100.7", "10.244.0.11:80"), external()))
                .isEqualTo("UNTOUCHED");
    }

    @Test
    void networkAndInterface() {
        String set = "create s hash:net,iface family inet\nadd s 0.0.0.0/0,pod1\nadd s 10.0.0.0/8,pod2\n";
        assertThat(verdict(set, "dst,dst")).isEqualTo("DROP");
        assertThat(verdict(set, "dst,dst", tcp("198.51.100.7", "10.244.0.13:80"), external()))
                .isEqualTo("UNTOUCHED");
        assertThat(verdict("create s hash:net,iface family inet\nadd s 0.0.0.0/0,physdev:pod1\n", "dst,dst"))
                .isEqualTo("UNKNOWN");
        assertThat(verdict("create s hash:net,iface family inet\nadd s 0.0.0.0/0,pod wildcard\n", "dst,dst"))
                .isEqualTo("UNKNOWN");
    }

    @Test
    void addressAndMark() {
        String set = "create s hash:ip,mark family inet\nadd s 10.244.0.11,0x00000000\n";
        assertThat(verdict(set, "dst,dst")).isEqualTo("DROP");
        assertThat(verdict(set.replace("0x00000000", "0x00000001"), "dst,dst")).isEqualTo("UNTOUCHED");
        assertThat(verdict(set.replace("inet\n", "inet markmask 0x000000ff\n"), "dst,dst"))
                .isEqualTo("UNKNOWN");
    }

    /** net/netfilter/ipset/ip_set_getport.c */
    @Test
    void bitmapsOfPortsHoldTcpAndUdpOnly() {
        String set = "create s bitmap:port range 0-65535\nadd s 80\n";
        assertThat(verdict(set, "dst")).isEqualTo("DROP");
        assertThat(verdict(set, "dst", packet(Protocol.SCTP, "198.51.100.7", "10.244.0.11:80"), external()))
                .isEqualTo("UNTOUCHED");
    }

    @Test
    void listsOfSets() {
        String sets = "create a hash:ip family inet\nadd a 10.244.0.11\ncreate b hash:ip family inet6\n"
                + "create s list:set size 8\nadd s b\nadd s a\n";
        assertThat(verdict(sets, "dst")).isEqualTo("DROP");
        assertThat(verdict(sets, "src")).isEqualTo("UNTOUCHED");
        assertThat(verdict("create s list:set size 8\nadd s s\n", "dst")).isEqualTo("UNKNOWN");
        assertThat(verdict("create s list:set size 8\nadd s gone\n", "dst")).isEqualTo("UNKNOWN");
    }

    @Test
    void whatThePacketDoesNotShowIsUnknown() {
        for (String type : new String[] {"hash:mac", "hash:ip,mac", "bitmap:ip,mac", "hash:brandnew"}) {
            String set = "create s " + type + "\nadd s 00:11:22:33:44:55\n";
            assertThat(read(set).problems()).isEmpty();
            assertThat(verdict(set, "src,src")).as(type).isEqualTo("UNKNOWN");
        }
        assertThat(verdict("create s hash:ip family inet netmask 24\nadd s 10.244.0.0\n", "dst"))
                .isEqualTo("UNKNOWN");
    }

    @Test
    void commentsAreNoOptions() {
        String set = "create s hash:net family inet comment\nadd s 10.244.0.0/16 comment \"nomatch\"\n";
        assertThat(verdict(set, "dst")).isEqualTo("DROP");
        assertThat(verdict(set + "add s 10.244.0.0/24 nomatch comment \"a b\"\n", "dst"))
                .isEqualTo("UNTOUCHED");
    }

    @Test
    void timeoutsAndCountersSayNothing() {
        String set = "create s hash:ip family inet hashsize 1024 maxelem 65536 timeout 60 counters\r\n"
                + "add s 10.244.0.11 timeout 51 packets 3 bytes 180\r\n";
        assertThat(read(set).problems()).isEmpty();
        assertThat(verdict(set, "dst", tcp("10.244.0.12", "10.244.0.11:80"), pod()))
                .isEqualTo("DROP");
    }

    @Test
    void whatIsWrongIsToldWithItsLine() {
        problem("hello\n", 1, "hello");
        problem("create\n", 1, "create at the end of the line");
        problem("create s\n", 1, "create s");
        problem("create s hash:ip\nadd\n", 2, "add at the end of the line");
        problem("create s hash:ip\nadd s\n", 2, "an element that is missing");
        problem("add s 1.2.3.4\n", 1, "an element of set s");
        problem("create s hash:ip\nadd s 1.2.3\n", 2, "1.2.3");
        problem("create s hash:ip\nadd s 1.2.3.400\n", 2, "1.2.3.400");
        problem("create s hash:ip\nadd s 1.2.3.4/24\n", 2, "1.2.3.4/24");
        problem("create s hash:net\nadd s 1.2.3.0/33\n", 2, "1.2.3.0/33");
        problem("create s hash:net\nadd s 1.2.3.0/99999999999999999999\n", 2, "1.2.3.0/9");
        problem("create s hash:ip,port\nadd s 1.2.3.4,tcp:65536\n", 2, "1.2.3.4,tcp:65536");
        problem("create s hash:ip,port\nadd s 1.2.3.4,tcp:-1\n", 2, "1.2.3.4,tcp:-1");
        problem("create s hash:ip,port\nadd s 1.2.3.4,florist:1\n", 2, "florist");
        problem("create s hash:ip,port\nadd s 1.2.3.4\n", 2, "1.2.3.4");
        problem("create s hash:ip,port,ip\nadd s 1.2.3.4,tcp:1\n", 2, "1.2.3.4,tcp:1");
        problem("create s hash:ip family inet6\nadd s 1.2.3.4\n", 2, "1.2.3.4");
        problem("create s hash:ip\nadd s fd00::1\n", 2, "fd00::1");
        problem("create s hash:ip,mark\nadd s 1.2.3.4,0x1ffffffff\n", 2, "0x1ffffffff");
        problem("create s hash:net,iface\nadd s 0.0.0.0/0,averylonginterfacename\n", 2, "averylong");
        problem("create s hash:ip\ncreate s hash:ip\n", 2, "set s a second time");
        problem("create s bitmap:port range 0-65535\nadd s 70000\n", 2, "70000");
    }

    /** An element that cannot be read may be the one that matters. */
    @Test
    void aDamagedSetIsUnknownAndTheOthersAreNot() {
        String sets = "create s hash:ip\nadd s 10.244.0.1x\ncreate t hash:ip\nadd t 10.244.0.11\n";
        assertThat(verdict(sets, "dst")).isEqualTo("UNKNOWN");
        assertThat(verdict(
                        sets.replace("create s", "create u")
                                .replace("add s", "add u")
                                .replace(" t ", " s "),
                        "dst"))
                .isEqualTo("DROP");
    }

    /** Any bytes give sets and located problems, never an exception. */
    @Property(tries = 500)
    void anyBytesAreRead(@ForAll @Size(max = 400) byte[] bytes) {
        assertThatCode(() -> read(bytes)).doesNotThrowAnyException();
    }

    /** The words are real, their order and number are not. */
    @Property(tries = 500)
    void anyWordsAreRead(@ForAll long seed) {
        String[] words = {
            "create",
            "add",
            "s",
            "t",
            "hash:ip",
            "hash:net,net",
            "list:set",
            "bitmap:port",
            "hash:ip,port,net",
            "family",
            "inet6",
            "10.0.0.0/8",
            "10.0.0.1,tcp:80",
            "fd00::1",
            "nomatch",
            "comment",
            "\"",
            "\n",
            "\n",
            "-1",
            ",",
            "/0",
            "::/0,udp:0,::/129",
            "99999999999999999999",
            "markmask",
            "hash:net,iface",
            "physdev:",
            "hash:ip,mark"
        };
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            text.append(words[random.nextInt(words.length)]).append(random.nextInt(6) == 0 ? "" : " ");
        }
        Reading<IpSets> reading = read(text.toString());
        int lines = (int) text.chars().filter(c -> c == '\n').count() + 1;
        assertThat(reading.problems().map(Object::toString))
                .allMatch(problem -> Integer.parseInt(problem.split(":", 3)[1]) <= lines);
        reading.value()
                .names()
                .forEach(name ->
                        assertThat(verdict(text.toString(), "src,dst,dst")).isNotEmpty());
    }

    @Test
    void damagedDocumentsAreRead() {
        byte[] bytes = ("create a hash:ip,port family inet\nadd a 10.0.0.1,tcp:80\nadd a 10.0.0.2,udp:53\n"
                        + "create b hash:net family inet6\nadd b fd00::/8 nomatch\nadd b fd00:1::/32\n"
                        + "create c list:set size 8\nadd c a\nadd c b\ncreate d bitmap:port range 0-65535\nadd d 80\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        Random random = new Random(5);
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = i % 3 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
            for (int k = 0; k < i % 7 && damaged.length > 0; k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            read(damaged);
        }
    }

    @Test
    void hugeInputIsNoTrouble() {
        String line = "x".repeat(10_000_000);
        assertThat(read(line).problems().head().toString()).hasSizeLessThan(400);
        assertThat(read("create s hash:ip\nadd s " + line).problems().head().toString())
                .hasSizeLessThan(400);
        assertThat(read("create s hash:net\nadd s 10.0.0.0/8 comment \"" + line).problems())
                .isEmpty();
        assertThat(read("create " + line + " hash:ip\ncreate " + line + " hash:ip\n")
                        .problems()
                        .head()
                        .toString())
                .hasSizeLessThan(600);
        assertThat(read("junk\n".repeat(100_000)).problems()).hasSizeLessThan(110);
    }

    /** Every length of both networks occurs: still one question for each pair, not one for each element. */
    @Test
    void manyPrefixLengthsAreNoTrouble() {
        StringBuilder text = new StringBuilder("create s hash:net,net family inet6\n");
        for (int i = 0; i < 40_000; i++) {
            text.append("add s fd00::/")
                    .append(i % 129)
                    .append(",fd00:1::")
                    .append(Integer.toHexString(i & 0xFFFF))
                    .append('/')
                    .append(i / 129 % 129)
                    .append('\n');
        }
        assertThat(read(text.toString()).problems()).isEmpty();
    }
}
