/*
 * tunoracle - ask the running Linux kernel what it does with one packet.
 *
 * The tool attaches to TUN interfaces that already exist in the CURRENT network
 * namespace (one TUN = one Pod, or one "external" link), writes a packet that it
 * builds itself into one of them and then reads every other TUN to see where and
 * in which shape the packet came out.  netif_receive_skb() runs inside the
 * write() system call, so the whole path PREROUTING -> (IPVS) -> FORWARD ->
 * POSTROUTING -> tun_net_xmit() is over when write() returns: there is nothing to
 * wait for, and "nothing came out" is an immediate, reliable verdict (DROP).
 *
 * It never opens a real network device.  All traffic stays between TUN fds.
 *
 * Build:  gcc -O2 -Wall -Wextra -static -o tunoracle tunoracle.c
 * Use:    tunoracle [-t SECONDS] [-n MAXREQ] IFACE... < requests > answers
 *
 * Requests, one a line, blank-separated ('#' starts a comment):
 *   P ID IN PROTO SRC SPORT DST DPORT [k=v ...]   inject one packet
 *   X ID IN PROTO SRC SPORT DST DPORT [k=v ...]   inject it, answer it where it came
 *                                                 out, (TCP) finish the handshake
 *   F ID      close the connection of an earlier X with FIN/FIN-ACK/ACK (TCP)
 *   R ID      abort it with a RST from the client (TCP)
 *   T TEXT    copy TEXT to the output (marker)
 *   ! CMD     run CMD with /bin/sh -c, its output goes to the output (test lab only)
 *   W MS      sleep MS milliseconds (at most 10000)
 *     IN     interface name, or "local" = sent by this host (raw socket: OUTPUT path)
 *     PROTO  tcp | udp | sctp
 *     k=v    flags=S|SA|A|F|FA|R|RA   ttl=N   seq=N   ack=N   len=N (payload bytes)
 * Answers, one line a request:   ID EVENT [| EVENT ...] [ || reply: EVENT ...]
 *   OUT if proto src sport dst dport flags ttl=N   the packet left on if
 *   ICMP if type/code from SRC                     an ICMP error left on if
 *   LOCAL proto src sport dst dport flags          delivered to a local socket layer
 *   NONE                                           nothing came out: dropped
 *   ERROR errno                                    the socket of a local sender was told so
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAXIF 64
#define MAXCONN 65536
#define MAXEV 16

struct flow {                 /* one direction of a transport flow */
	int fam, proto;
	uint8_t src[16], dst[16];
	uint16_t sport, dport;    /* host byte order */
};
struct pkt {
	struct flow f;
	uint8_t flags;            /* TCP flags, or SCTP chunk type */
	uint32_t seq, ack, vtag;
	int ttl, len;
	int icmp;                 /* 1: ICMP error, type/code below, f = outer addresses */
	int itype, icode;
};
struct event { int iface; struct pkt p; };      /* iface -1: delivered locally */

static int nif, tunfd[MAXIF];
static const char *ifname_[MAXIF];
static int rawsend4 = -1, rawsend6 = -1, rawrecv[8], rawproto[8], nraw;
static struct event ev[MAXEV];
static int nev;
static unsigned long late, noise;

struct conn { char id[32]; int in, out, used; struct pkt c, s; };   /* c: client view, s: server view */
static struct conn *conns;
static int nconns;

static void die(const char *m) { perror(m); exit(2); }

/* ---------- checksums ---------- */
static uint32_t sum16(const void *p, size_t n, uint32_t s)
{
	const uint8_t *b = p;
	while (n > 1) { s += (b[0] << 8) | b[1]; b += 2; n -= 2; }
	if (n) s += b[0] << 8;
	return s;
}
static uint16_t fold(uint32_t s) { while (s >> 16) s = (s & 0xffff) + (s >> 16); return (uint16_t)~s; }
static uint32_t crc32c(const uint8_t *p, size_t n)
{
	uint32_t c = ~0u;
	while (n--) { c ^= *p++; for (int i = 0; i < 8; i++) c = (c >> 1) ^ (0x82f63b78u & -(c & 1)); }
	return ~c;
}
static void put16(uint8_t *p, uint16_t v) { p[0] = v >> 8; p[1] = v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16); put16(p + 2, v); }
static uint16_t get16(const uint8_t *p) { return (p[0] << 8) | p[1]; }
static uint32_t get32(const uint8_t *p) { return ((uint32_t)get16(p) << 16) | get16(p + 2); }

/* ---------- build / parse ---------- */
static int build(const struct pkt *k, uint8_t *b)
{
	int hl = k->f.fam == AF_INET ? 20 : 40, al = k->f.fam == AF_INET ? 4 : 16, tl;
	uint8_t *t = b + hl;
	static uint16_t ipid;

	memset(b, 0, 256);
	put16(t, k->f.sport); put16(t + 2, k->f.dport);
	if (k->f.proto == IPPROTO_TCP) {
		tl = 20 + k->len;
		put32(t + 4, k->seq); put32(t + 8, k->ack);
		t[12] = 5 << 4; t[13] = k->flags; put16(t + 14, 64240);
	} else if (k->f.proto == IPPROTO_UDP) {
		tl = 8 + k->len; put16(t + 4, tl);
	} else {                                        /* SCTP INIT(1)/INIT-ACK(2), no payload */
		tl = 32;
		put32(t + 4, k->vtag);
		t[12] = k->flags; put16(t + 14, 20);
		put32(t + 16, 0x01020304); put32(t + 20, 65536); put16(t + 24, 1); put16(t + 26, 1);
		put32(t + 28, k->seq);
	}
	if (hl == 20) {
		b[0] = 0x45; put16(b + 2, hl + tl); put16(b + 4, ++ipid); put16(b + 6, 0x4000);
		b[8] = k->ttl; b[9] = k->f.proto;
		memcpy(b + 12, k->f.src, 4); memcpy(b + 16, k->f.dst, 4);
		put16(b + 10, fold(sum16(b, 20, 0)));
	} else {
		b[0] = 0x60; put16(b + 4, tl); b[6] = k->f.proto; b[7] = k->ttl;
		memcpy(b + 8, k->f.src, 16); memcpy(b + 24, k->f.dst, 16);
	}
	if (k->f.proto == IPPROTO_SCTP) {
		uint32_t c = crc32c(t, tl);
		memcpy(t + 8, &c, 4);                       /* CRC32c is sent little-endian */
	} else {
		uint32_t s = sum16(k->f.src, al, 0);
		s = sum16(k->f.dst, al, s) + k->f.proto + tl;
		uint16_t c = fold(sum16(t, tl, s));
		if (!c) c = 0xffff;
		put16(t + (k->f.proto == IPPROTO_TCP ? 16 : 6), c);
	}
	return hl + tl;
}
/* returns 0 for a packet of interest, -1 for noise (IGMP, ND, MLD ...) */
static int parse(const uint8_t *b, int n, struct pkt *k)
{
	int hl, proto;

	memset(k, 0, sizeof *k);
	if (n < 20) return -1;
	if (b[0] >> 4 == 4) {
		k->f.fam = AF_INET; hl = (b[0] & 15) * 4; proto = b[9]; k->ttl = b[8];
		memcpy(k->f.src, b + 12, 4); memcpy(k->f.dst, b + 16, 4);
	} else if (b[0] >> 4 == 6 && n >= 40) {
		k->f.fam = AF_INET6; hl = 40; proto = b[6]; k->ttl = b[7];
		memcpy(k->f.src, b + 8, 16); memcpy(k->f.dst, b + 24, 16);
	} else return -1;
	k->f.proto = proto;
	if (n < hl + 8) return -1;
	const uint8_t *t = b + hl;
	if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6) {
		if (proto == IPPROTO_ICMPV6 && (t[0] >= 130 && t[0] <= 143)) return -1;
		k->icmp = 1; k->itype = t[0]; k->icode = t[1];
		return 0;
	}
	if (proto != IPPROTO_TCP && proto != IPPROTO_UDP && proto != IPPROTO_SCTP) return -1;
	k->f.sport = get16(t); k->f.dport = get16(t + 2);
	if (proto == IPPROTO_TCP && n >= hl + 20) {
		k->seq = get32(t + 4); k->ack = get32(t + 8); k->flags = t[13];
	} else if (proto == IPPROTO_SCTP && n >= hl + 20) {
		k->vtag = get32(t + 4); k->flags = t[12];
		k->ack = get32(t + 16);                     /* initiate tag */
	}
	return 0;
}
static const char *flagstr(const struct pkt *k)
{
	static char s[16];
	char *p = s;
	if (k->f.proto == IPPROTO_SCTP) { sprintf(s, "chunk%d", k->flags); return s; }
	if (k->f.proto != IPPROTO_TCP) return "-";
	if (k->flags & 2) *p++ = 'S';
	if (k->flags & 1) *p++ = 'F';
	if (k->flags & 4) *p++ = 'R';
	if (k->flags & 16) *p++ = 'A';
	*p = 0;
	return s;
}
static const char *pname(int p)
{ return p == IPPROTO_TCP ? "tcp" : p == IPPROTO_UDP ? "udp" : p == IPPROTO_SCTP ? "sctp" : "ip"; }

static void print_event(const struct event *e)
{
	char s[64], d[64];
	inet_ntop(e->p.f.fam, e->p.f.src, s, sizeof s);
	inet_ntop(e->p.f.fam, e->p.f.dst, d, sizeof d);
	if (e->p.icmp) printf("ICMP %s %d/%d from %s to %s", e->iface < 0 ? "local" : ifname_[e->iface], e->p.itype, e->p.icode, s, d);
	else if (e->iface < 0) printf("LOCAL %s %s %d %s %d %s", pname(e->p.f.proto), s, e->p.f.sport, d, e->p.f.dport, flagstr(&e->p));
	else printf("OUT %s %s %s %d %s %d %s ttl=%d", ifname_[e->iface], pname(e->p.f.proto), s, e->p.f.sport, d, e->p.f.dport, flagstr(&e->p), e->p.ttl);
}
static void print_events(void)
{
	if (!nev) printf("NONE");
	for (int i = 0; i < nev; i++) { if (i) printf(" | "); print_event(&ev[i]); }
}

/* ---------- I/O ---------- */
static void got_packet(int iface, const uint8_t *b, int n)
{
	struct pkt p;
	if (parse(b, n, &p)) { noise++; return; }
	if (nev < MAXEV) { ev[nev].iface = iface; ev[nev++].p = p; }
}
static void got_local(int i)                    /* raw socket i: something was delivered to this host */
{
	uint8_t b[2048], control[256];
	struct sockaddr_storage ss;
	struct iovec io = { b, sizeof b };
	struct msghdr m = { .msg_name = &ss, .msg_namelen = sizeof ss, .msg_iov = &io, .msg_iovlen = 1,
			    .msg_control = control, .msg_controllen = sizeof control };
	struct pkt p;
	int n = recvmsg(rawrecv[i], &m, MSG_DONTWAIT);
	if (n < 8) return;
	if (ss.ss_family == AF_INET) { if (parse(b, n, &p)) return; }
	else {                                      /* IPv6 raw sockets hand over the payload only */
		memset(&p, 0, sizeof p);
		p.f.fam = AF_INET6; memcpy(p.f.src, &((struct sockaddr_in6 *)&ss)->sin6_addr, 16);
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
			if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
				memcpy(p.f.dst, &((struct in6_pktinfo *)CMSG_DATA(c))->ipi6_addr, 16);
		p.f.proto = rawproto[i];
		if (rawproto[i] == IPPROTO_ICMPV6) { if (b[0] >= 128) return; p.icmp = 1; p.itype = b[0]; p.icode = b[1]; }
		p.f.sport = get16(b); p.f.dport = get16(b + 2);
		if (p.f.proto == IPPROTO_TCP && n >= 20) { p.seq = get32(b + 4); p.ack = get32(b + 8); p.flags = b[13]; }
	}
	if (nev < MAXEV) { ev[nev].iface = -1; ev[nev++].p = p; }
}
/* collects everything that is readable; poll() first, because a system call is dear in UML */
static void drain(int graceful_ms)
{
	static struct pollfd pf[MAXIF + 8];
	uint8_t b[2048];

	for (int i = 0; i < nif; i++) pf[i] = (struct pollfd){ tunfd[i], POLLIN, 0 };
	for (int i = 0; i < nraw; i++) pf[nif + i] = (struct pollfd){ rawrecv[i], POLLIN, 0 };
	nev = 0;
	for (int pass = 0; pass < 256; pass++) {
		int r = poll(pf, nif + nraw, 0);
		if (r == 0) {
			if (nev || graceful_ms <= 0) return;
			r = poll(pf, nif + nraw, graceful_ms);  /* nothing yet: give a deferred softirq a chance */
			graceful_ms = 0;
			if (r <= 0) return;
			late++;
		}
		if (r < 0) return;
		for (int i = 0; i < nif; i++)
			if (pf[i].revents & POLLIN) { int n = read(tunfd[i], b, sizeof b); if (n > 0) got_packet(i, b, n); }
		for (int i = 0; i < nraw; i++)
			if (pf[nif + i].revents & POLLIN) got_local(i);
	}
}
static int ifindex_of(const char *n)
{
	for (int i = 0; i < nif; i++) if (!strcmp(n, ifname_[i])) return i;
	return -1;
}
static int grace = 1;
static int inject(int in, const struct pkt *k)
{
	uint8_t b[2048];
	int n = build(k, b), r;
	if (in >= 0) r = write(tunfd[in], b, n);
	else if (k->f.fam == AF_INET) {
		struct sockaddr_in a = { .sin_family = AF_INET };
		memcpy(&a.sin_addr, k->f.dst, 4);
		r = sendto(rawsend4, b, n, 0, (void *)&a, sizeof a);
	} else {
		struct sockaddr_in6 a = { .sin6_family = AF_INET6 };
		memcpy(&a.sin6_addr, k->f.dst, 16);
		r = sendto(rawsend6, b, n, 0, (void *)&a, sizeof a);
	}
	int e = errno;
	drain(grace);
	errno = e;
	return r < 0 ? -1 : 0;
}
static void reverse(const struct pkt *a, struct pkt *r)
{
	memset(r, 0, sizeof *r);
	r->f = a->f;
	memcpy(r->f.src, a->f.dst, 16); memcpy(r->f.dst, a->f.src, 16);
	r->f.sport = a->f.dport; r->f.dport = a->f.sport; r->ttl = 64;
}
/* the packet of the same transport as want that left on some interface */
static struct event *first_out(int proto, int syn)
{
	for (int i = 0; i < nev; i++)
		if (ev[i].iface >= 0 && !ev[i].p.icmp && ev[i].p.f.proto == proto &&
		    !(proto == IPPROTO_TCP && syn && (ev[i].p.flags & 0x16) != 2)) return &ev[i];
	return NULL;
}

int main(int argc, char **argv)
{
	int o, limit = 120;
	long maxreq = 1000000, nreq = 0;
	char line[512];

	while ((o = getopt(argc, argv, "t:n:g:")) != -1) {
		if (o == 't') limit = atoi(optarg);
		else if (o == 'n') maxreq = atol(optarg);
		else if (o == 'g') grace = atoi(optarg);
		else return 2;
	}
	alarm(limit);                                   /* never outlives its bound */
	for (; optind < argc && nif < MAXIF; optind++, nif++) {
		struct ifreq r;
		memset(&r, 0, sizeof r);
		int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
		if (fd < 0) die("/dev/net/tun");
		r.ifr_flags = IFF_TUN | IFF_NO_PI;
		snprintf(r.ifr_name, sizeof r.ifr_name, "%s", argv[optind]);
		if (ioctl(fd, TUNSETIFF, &r)) die(argv[optind]);
		tunfd[nif] = fd; ifname_[nif] = argv[optind];
	}
	for (int f = 0; f < 2; f++) {                   /* raw sockets see what is delivered to this host */
		int protos[4] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, f ? IPPROTO_ICMPV6 : IPPROTO_ICMP };
		for (int i = 0; i < 4; i++) {
			int s = socket(f ? AF_INET6 : AF_INET, SOCK_RAW, protos[i]);
			if (s < 0) { if (f) break; die("raw socket"); }
			int on = 1;
			if (f) setsockopt(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
			rawproto[nraw] = protos[i];
			rawrecv[nraw++] = s;
		}
	}
	rawsend4 = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	rawsend6 = socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
	conns = calloc(MAXCONN, sizeof *conns);
	setvbuf(stdout, NULL, isatty(0) ? _IOLBF : _IOFBF, 1 << 16);
	usleep(20000);
	drain(0);
	if (getenv("TUNORACLE_LINEBUF")) setvbuf(stdout, NULL, _IOLBF, 1 << 16);

	struct timespec a, z;
	clock_gettime(CLOCK_MONOTONIC, &a);
	while (nreq < maxreq && fgets(line, sizeof line, stdin)) {
		char *w[24]; int nw = 0;
		line[strcspn(line, "\r\n")] = 0;
		if (line[0] == 'T') { printf("%s\n", line[1] ? line + 2 : ""); continue; }
		if (line[0] == '!') { fflush(stdout); if (system(line + 1)) printf("!rc\n"); drain(0); continue; }
		for (char *t = strtok(line, " \t"); t && nw < 24 && t[0] != '#'; t = strtok(NULL, " \t")) w[nw++] = t;
		if (!nw) continue;
		if (w[0][0] == 'W' && nw > 1) { int ms = atoi(w[1]); fflush(stdout); usleep((ms > 10000 ? 10000 : ms) * 1000); drain(0); continue; }
		nreq++;
		drain(0);
		if (nev) { printf("# LATE "); print_events(); printf("\n"); late++; }
		if ((w[0][0] == 'P' || w[0][0] == 'X') && nw >= 8) {
			struct pkt k;
			memset(&k, 0, sizeof k);
			int in = strcmp(w[2], "local") ? ifindex_of(w[2]) : -1;
			if (in < 0 && strcmp(w[2], "local")) { printf("%s ERROR unknown interface %s\n", w[1], w[2]); continue; }
			k.f.proto = !strcmp(w[3], "tcp") ? IPPROTO_TCP : !strcmp(w[3], "udp") ? IPPROTO_UDP : IPPROTO_SCTP;
			k.f.fam = strchr(w[6], ':') ? AF_INET6 : AF_INET;
			if (inet_pton(k.f.fam, w[4], k.f.src) != 1 || inet_pton(k.f.fam, w[6], k.f.dst) != 1) { printf("%s ERROR address\n", w[1]); continue; }
			k.f.sport = atoi(w[5]); k.f.dport = atoi(w[7]);
			k.ttl = 64; k.seq = 1000; k.flags = k.f.proto == IPPROTO_TCP ? 2 : k.f.proto == IPPROTO_SCTP ? 1 : 0;
			if (k.f.proto == IPPROTO_UDP) k.len = 4;
			for (int i = 8; i < nw; i++) {
				char *v = strchr(w[i], '=');
				if (!v) continue;
				*v++ = 0;
				if (!strcmp(w[i], "ttl")) k.ttl = atoi(v);
				else if (!strcmp(w[i], "seq")) k.seq = strtoul(v, 0, 0);
				else if (!strcmp(w[i], "ack")) k.ack = strtoul(v, 0, 0);
				else if (!strcmp(w[i], "len")) { k.len = atoi(v); if (k.len < 0 || k.len > 1000) k.len = 0; }
				else if (!strcmp(w[i], "flags")) {
					k.flags = 0;
					for (; *v; v++) k.flags |= *v == 'S' ? 2 : *v == 'A' ? 16 : *v == 'F' ? 1 : *v == 'R' ? 4 : 0;
				}
			}
			printf("%s ", w[1]);
			if (inject(in, &k)) printf("ERROR %d | ", errno);
			print_events();
			struct event *oe;
			if (w[0][0] == 'X' && (oe = first_out(k.f.proto, 1))) {
				struct conn *c = &conns[nconns++ % MAXCONN];
				struct pkt r;
				memset(c, 0, sizeof *c);
				snprintf(c->id, sizeof c->id, "%s", w[1]);
				c->in = in; c->out = oe->iface; c->c = k; c->s = oe->p; c->used = 1;
				reverse(&c->s, &r);
				if (k.f.proto == IPPROTO_TCP) { r.flags = 0x12; r.seq = 5000; r.ack = k.seq + 1; }
				else if (k.f.proto == IPPROTO_SCTP) { r.flags = 2; r.vtag = oe->p.ack; r.seq = 1; }
				else r.len = 4;
				printf(" || reply: ");
				inject(c->out, &r);
				print_events();
				if (k.f.proto == IPPROTO_TCP && nev && (ev[0].p.flags & 0x12) == 0x12) {
					struct pkt ak = k;
					ak.flags = 16; ak.seq = k.seq + 1; ak.ack = 5001;
					inject(in, &ak);
					struct event *e2 = first_out(IPPROTO_TCP, 0);
					printf(" || ack: %s", e2 ? (e2->iface == c->out ? "same" : "OTHER") : "NONE");
				}
			}
			printf("\n");
		} else if ((w[0][0] == 'F' || w[0][0] == 'R') && nw >= 2) {
			struct conn *c = NULL;
			for (int i = (nconns > MAXCONN ? MAXCONN : nconns) - 1; i >= 0; i--)
				if (conns[i].used && !strcmp(conns[i].id, w[1])) { c = &conns[i]; break; }
			if (!c || c->c.f.proto != IPPROTO_TCP) { printf("%s ERROR no such tcp connection\n", w[1]); continue; }
			c->used = 0;
			struct pkt k = c->c, r;
			k.seq = c->c.seq + 1; k.ack = 5001; k.len = 0;
			if (w[0][0] == 'R') { k.flags = 4; inject(c->in, &k); printf("%s ", w[1]); print_events(); printf("\n"); continue; }
			k.flags = 0x11; inject(c->in, &k);
			reverse(&c->s, &r);
			r.flags = 0x11; r.seq = 5001; r.ack = k.seq + 1; inject(c->out, &r);
			k.flags = 16; k.seq++; k.ack = 5002; inject(c->in, &k);
			printf("%s closed ", w[1]); print_events(); printf("\n");
		} else printf("%s ERROR bad request\n", nw > 1 ? w[1] : "?");
	}
	fflush(stdout);
	clock_gettime(CLOCK_MONOTONIC, &z);
	double s = (z.tv_sec - a.tv_sec) + (z.tv_nsec - a.tv_nsec) / 1e9;
	fprintf(stderr, "tunoracle: %ld requests in %.3f s = %.0f/s, late %lu, noise %lu\n", nreq, s, nreq / (s > 0 ? s : 1), late, noise);
	return 0;
}
