#!/bin/bash
# mk-initramfs.sh MODULES_DIR OUT.cpio.gz
#   MODULES_DIR  .../lib/modules/KVER (Debian linux-image) or .../usr/lib/uml/modules/KVER (user-mode-linux)
# Packs a small guest: busybox, ip, iptables-legacy, ipset, ipvsadm, conntrack, nft, the packet
# oracle, and only the network modules.  Needs no root (cpio -R 0:0); needs: busybox-static cpio
# kmod iproute2 iptables ipset ipvsadm conntrack nftables gcc binutils.
set -eu
mods=$(readlink -f "$1") out=$2
kver=$(basename "$mods")
here=$(cd "$(dirname "$0")" && pwd)
export PATH=$PATH:/usr/sbin:/sbin
w=$(mktemp -d); trap 'rm -rf "$w"' EXIT
r=$w/root
mkdir -p "$r"/{bin,sbin,etc,proc,sys,dev,run,tmp,job,lab,root,usr/sbin,lib/modules/$kver,lib64,var/run}
cp "$(command -v busybox)" "$r/bin/busybox"
put() { # copy a program and the libraries it needs, to the same places
	for f in "$@"; do
		f=$(readlink -f "$f"); mkdir -p "$r$(dirname "$f")"; cp -L "$f" "$r$f"
		ldd "$f" 2>/dev/null | grep -oE '/[^ ]+' | while read -r l; do mkdir -p "$r$(dirname "$l")"; cp -Lu "$l" "$r$l"; done
	done
}
for p in dash ip ipset ipvsadm conntrack nft xtables-legacy-multi xtables-nft-multi; do
	f=$(command -v $p) || continue
	put "$f"; ln -sf "$(readlink -f "$f")" "$r/bin/$p"
done
for c in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do ln -sf xtables-legacy-multi "$r/bin/$c"; done
ln -sf dash "$r/bin/sh"      # not busybox sh: that one prefers its own "ip" applet to iproute2
# match/target plugins of iptables
x=$(dirname "$(ls /usr/lib/*/xtables/libxt_comment.so /usr/lib/xtables/libxt_comment.so 2>/dev/null | head -1)"); mkdir -p "$r$x"; cp "$x"/lib*.so "$r$x/"
for f in "$x"/*.so; do ldd "$f" | grep -oE '/[^ ]+' ; done | sort -u | while read -r l; do mkdir -p "$r$(dirname "$l")"; cp -Lu "$l" "$r$l"; done
cp /etc/protocols "$r/etc/" 2>/dev/null || printf 'ip\t0\tIP\nicmp\t1\tICMP\ntcp\t6\tTCP\nudp\t17\tUDP\nipv6-icmp\t58\tIPv6-ICMP\nsctp\t132\tSCTP\n' > "$r/etc/protocols"
printf '127.0.0.1 localhost\n' > "$r/etc/hosts"
# modules: networking only, debug info stripped
(cd "$mods" && find kernel/net/{netfilter,ipv4,ipv6,bridge,sctp,802,llc} kernel/drivers/net/{tun,veth,dummy}.ko* kernel/lib kernel/crypto/crc32c* kernel/arch -name '*.ko*' 2>/dev/null | grep -vE 'kernel/arch/.*/(kvm|events)|kernel/lib/(test|842)' || :) > "$w/list"
while read -r m; do mkdir -p "$r/lib/modules/$kver/$(dirname "$m")"; cp "$mods/$m" "$r/lib/modules/$kver/$m"; done < "$w/list"
find "$r/lib/modules" -name '*.ko' -exec strip --strip-debug {} +
cp "$mods"/modules.{order,builtin,builtin.modinfo} "$r/lib/modules/$kver/" 2>/dev/null || :
depmod -b "$r" "$kver" 2>/dev/null || depmod -b "$r" "$kver"
gcc -O2 -static -o "$r/bin/tunoracle" "$here/../c/tunoracle.c"
cp "$here/labnet.sh" "$here"/guest-*.sh "$r/lab/" 2>/dev/null || cp "$here/labnet.sh" "$r/lab/"
cp "$here/guest-init" "$r/init"; chmod 755 "$r/init"
(cd "$r" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) | gzip -1 > "$out"
echo "kver=$kver modules=$(wc -l < "$w/list") unpacked=$(du -sh "$r" | cut -f1) initramfs=$(du -h "$out" | cut -f1)"
