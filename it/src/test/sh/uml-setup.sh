#!/bin/bash
# uml-setup.sh DIR    Download (apt, no root needed), unpack and prepare a User Mode Linux guest with IPVS in DIR.
# Leaves DIR/linux.uml and DIR/uml.cpio.gz.  Does nothing where they are there already.
set -eu
dir=$1 here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$dir"; cd "$dir"
if [ ! -f linux.uml ]; then
	rm -rf unpacked user-mode-linux_*.deb
	apt-get download -q user-mode-linux
	dpkg-deb -x user-mode-linux_*.deb unpacked
	rm -f user-mode-linux_*.deb
	cp unpacked/usr/bin/linux.uml linux.uml
fi
new=$(ls -t "$here"/mk-initramfs.sh "$here"/guest-init "$here"/guest-ipvs.sh "$here"/labnet.sh "$here"/../c/tunoracle.c uml.cpio.gz 2>/dev/null | head -1)
[ "$new" = uml.cpio.gz ] || "$here/mk-initramfs.sh" unpacked/usr/lib/uml/modules/* uml.cpio.gz
