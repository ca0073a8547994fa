tables() {
    for v in nft legacy; do
        if has "$1-$v-save" && "$1-$v-save" 2>/dev/null | grep -q '^:KUBE-SERVICES'; then
            "$1-$v-save"
            return
        fi
    done
    "$1-save"
}
ask() { if has curl; then curl -sf -m 5 "$1"; else wget -q -T 5 -O - "$1"; fi; }
values() {
    s=$PODPATH_ROOT/proc/sys/net
    for f in "$s"/ipv4/ip_forward "$s"/ipv6/conf/all/forwarding "$s"/ipv4/ip_local_port_range \
        "$s"/ipv4/conf/*/route_localnet "$s"/ipv4/conf/*/rp_filter "$s"/ipv4/conf/*/src_valid_mark "$s"/ipv4/vs/* "$s"/bridge/* \
        "$s"/netfilter/nf_conntrack_max "$s"/netfilter/nf_conntrack_count "$s"/netfilter/nf_conntrack_tcp_be_liberal; do
        if [ -r "$f" ] && read -r v <"$f"; then
            k=${f#"$PODPATH_ROOT"/proc/sys/}
            while :; do case $k in */*) k=${k%%/*}.${k#*/} ;; *) break ;; esac; done
            printf '%s = %s\n' "$k" "$v"
        fi
    done
}
doc proxy-mode.txt ask http://127.0.0.1:10249/proxyMode
doc iptables-save.txt tables iptables
doc ip6tables-save.txt tables ip6tables
doc ipset-save.txt ipset save
if [ -r "$PODPATH_ROOT/proc/net/ip_vs" ]; then
    doc proc-net-ip_vs show "$PODPATH_ROOT/proc/net/ip_vs"
    doc ipvsadm-Ln.txt ipvsadm -Ln --nosort
    doc ipvsadm-save.txt ipvsadm-save -n
fi
if has nft && nft list table ip kube-proxy >/dev/null 2>&1; then
    doc nft-ruleset.txt nft list ruleset
fi
doc ip-addr.json ip -j addr
doc ip-route.json ip -j route
doc ip-rule.json ip -j rule
doc ip-route-all.json ip -j route show table all
doc sysctl.txt values
