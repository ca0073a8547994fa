# Runs in the guest: every case of /job/in in a network namespace of its own, for as long as there is time.
. /lab/guest-ipvs.sh
mkdir -p /job/out
end=$(( $(cut -d. -f1 /proc/uptime) + ${SECONDS_TO_RUN:-60} ))
for r in /job/in/*.rules; do
	[ "$(cut -d. -f1 /proc/uptime)" -lt "$end" ] || break
	n=$(basename "$r" .rules)
	ipvs_vector "$n" "$r" "${r%.rules}.req" /tmp/out.txt && mv /tmp/out.txt "/job/out/$n.txt"
done
