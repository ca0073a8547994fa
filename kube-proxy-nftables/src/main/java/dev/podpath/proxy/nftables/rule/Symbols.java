package dev.podpath.proxy.nftables.rule;

import java.util.HashMap;
import java.util.Map;

/** Names that nft prints for numbers, from its own tables and from /etc/protocols and /etc/services. */
final class Symbols {
    static final Map<String, Integer> STATES = of("invalid 1 established 2 related 4 new 8 untracked 64");
    static final Map<String, Integer> STATUS =
            of("expected 1 seen-reply 2 assured 4 confirmed 8 snat 16 dnat 32 dying 512");
    static final Map<String, Integer> DIRECTIONS = of("original 0 reply 1");
    static final Map<String, Integer> ADDRESS_TYPES = of("unspec 0 unicast 1 local 2 broadcast 3 anycast 4 multicast 5 "
            + "blackhole 6 unreachable 7 prohibit 8 throw 9 nat 10 xresolve 11");
    static final Map<String, Integer> NFPROTO = of("ipv4 2 ipv6 10");
    static final Map<String, Integer> TCP_FLAGS = of("fin 1 syn 2 rst 4 psh 8 ack 16 urg 32 ecn 64 cwr 128");
    static final Map<String, Integer> PROTOCOLS = of("ip 0 icmp 1 igmp 2 ggp 3 ipencap 4 st 5 tcp 6 egp 8 igp 9 pup 12 "
            + "udp 17 hmp 20 xns-idp 22 rdp 27 iso-tp4 29 dccp 33 xtp 36 ddp 37 idpr-cmtp 38 ipv6 41 ipv6-route 43 "
            + "ipv6-frag 44 idrp 45 rsvp 46 gre 47 esp 50 ah 51 skip 57 ipv6-icmp 58 icmpv6 58 ipv6-nonxt 59 "
            + "ipv6-opts 60 rspf 73 vmtp 81 eigrp 88 ospf 89 ax.25 93 ipip 94 etherip 97 encap 98 pim 103 ipcomp 108 "
            + "comp 108 vrrp 112 l2tp 115 isis 124 sctp 132 fc 133 mobility-header 135 udplite 136 mpls-in-ip 137");
    static final Map<String, Integer> ICMP = of("echo-reply 0 destination-unreachable 3 source-quench 4 redirect 5 "
            + "echo-request 8 router-advertisement 9 router-solicitation 10 time-exceeded 11 parameter-problem 12 "
            + "timestamp-request 13 timestamp-reply 14 info-request 15 info-reply 16 address-mask-request 17 "
            + "address-mask-reply 18");
    static final Map<String, Integer> ICMPV6 = of("destination-unreachable 1 packet-too-big 2 time-exceeded 3 "
            + "parameter-problem 4 echo-request 128 echo-reply 129 mld-listener-query 130 mld-listener-report 131 "
            + "mld-listener-done 132 mld-listener-reduction 132 nd-router-solicit 133 nd-router-advert 134 "
            + "nd-neighbor-solicit 135 nd-neighbor-advert 136 nd-redirect 137 router-renumbering 138 "
            + "ind-neighbor-solicit 141 ind-neighbor-advert 142 mld2-listener-report 143");
    static final Map<String, Integer> SERVICES = of("tcpmux 1 echo 7 discard 9 systat 11 daytime 13 netstat 15 qotd 17 "
            + "chargen 19 ftp-data 20 ftp 21 ssh 22 telnet 23 smtp 25 time 37 whois 43 tacacs 49 domain 53 bootps 67 "
            + "bootpc 68 tftp 69 gopher 70 finger 79 http 80 kerberos 88 iso-tsap 102 acr-nema 104 pop3 110 sunrpc 111 "
            + "auth 113 nntp 119 ntp 123 epmap 135 netbios-ns 137 netbios-dgm 138 netbios-ssn 139 imap2 143 snmp 161 "
            + "snmp-trap 162 cmip-man 163 cmip-agent 164 mailq 174 xdmcp 177 bgp 179 smux 199 qmtp 209 z3950 210 "
            + "ipx 213 ptp-event 319 ptp-general 320 pawserv 345 zserv 346 rpc2portmap 369 codaauth2 370 ldap 389 "
            + "svrloc 427 https 443 snpp 444 microsoft-ds 445 kpasswd 464 submissions 465 saft 487 isakmp 500 "
            + "rtsp 554 nqs 607 asf-rmcp 623 qmqp 628 ipp 631 ldp 646 ldaps 636 kerberos-adm 749 domain-s 853 "
            + "rsync 873 ftps-data 989 ftps 990 telnets 992 imaps 993 pop3s 995 socks 1080 proofd 1093 rootd 1094 "
            + "openvpn 1194 rmiregistry 1099 lotusnote 1352 ms-sql-s 1433 ms-sql-m 1434 ingreslock 1524 datametrics 1645 "
            + "sa-msg-port 1646 kermit 1649 groupwise 1677 l2f 1701 radius 1812 radius-acct 1813 cisco-sccp 2000 "
            + "nfs 2049 gnunet 2086 rtcm-sc104 2101 gsigatekeeper 2119 gris 2135 cvspserver 2401 venus 2430 "
            + "venus-se 2431 codasrv 2432 codasrv-se 2433 mon 2583 dict 2628 f5-globalsite 2792 gsiftp 2811 gpsd 2947 "
            + "gds-db 3050 icpv2 3130 isns 3205 iscsi-target 3260 mysql 3306 ms-wbt-server 3389 nut 3493 distcc 3632 "
            + "daap 3689 svn 3690 suucp 4031 sysrqd 4094 sieve 4190 epmd 4369 remctl 4373 f5-iquery 4353 ntske 4460 "
            + "ipsec-nat-t 4500 iax 4569 mtn 4691 radmin-port 4899 sip 5060 sip-tls 5061 xmpp-client 5222 "
            + "xmpp-server 5269 cfengine 5308 mdns 5353 postgresql 5432 freeciv 5556 amqps 5671 amqp 5672 x11 6000 "
            + "x11-1 6001 gnutella-svc 6346 redis 6379 sane-port 6566 ircd 6667 ircs-u 6697 babel 6696 bbs 7000 "
            + "http-alt 8080 puppet 8140 zabbix-agent 10050 zabbix-trapper 10051 amanda 10080 webmin 10000 "
            + "nbd 10809 dicom 11112 hkp 11371 db-lsp 17500 wnn6 22273 dircproxy 57000");

    private static final Map<Map<String, Integer>, Map<Integer, String>> NAMES = Map.of(
            STATES, reversed(STATES),
            STATUS, reversed(STATUS),
            DIRECTIONS, reversed(DIRECTIONS),
            ADDRESS_TYPES, reversed(ADDRESS_TYPES),
            NFPROTO, reversed(NFPROTO),
            TCP_FLAGS, reversed(TCP_FLAGS));

    private Symbols() {}

    private static Map<String, Integer> of(String text) {
        Map<String, Integer> all = new HashMap<>();
        String[] words = text.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            all.put(words[i], Integer.parseInt(words[i + 1]));
        }
        return Map.copyOf(all);
    }

    private static Map<Integer, String> reversed(Map<String, Integer> symbols) {
        Map<Integer, String> names = new HashMap<>();
        symbols.forEach((name, value) -> names.put(value, name));
        return names;
    }

    /** The name of a value, or the number where nft needs none. */
    static String name(Map<String, Integer> symbols, int value) {
        Map<Integer, String> names = NAMES.get(symbols);
        String name = names == null ? null : names.get(value);
        return name == null ? Integer.toString(value) : name;
    }
}
