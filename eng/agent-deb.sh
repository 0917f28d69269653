#!/usr/bin/env bash
# The agent's Debian package from its one file: eng/agent-deb.sh PROGRAM FOLDER. Needs dpkg-deb only.
set -euo pipefail
program=${1:?the published hinoban-agent}
folder=${2:?where the package goes}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Of another machine's program what it says of itself cannot be asked: the version is the build's, the architecture the ELF header's.
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$here/../Directory.Build.props")
case $(od -An -tu2 -j18 -N2 "$program" | tr -d ' ') in
  62) architecture=amd64 ;;
  183) architecture=arm64 ;;
  *) echo "$program is a program for neither x86-64 nor arm64" >&2; exit 65 ;;
esac
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
install -D -m 755 "$program" "$tree/usr/bin/hinoban-agent"
install -D -m 644 "$here/agent/hinoban-agent.service" "$tree/lib/systemd/system/hinoban-agent.service"
install -D -m 644 "$here/../LICENSE" "$tree/usr/share/doc/hinoban-agent/copyright"
install -d -m 755 "$tree/DEBIAN"
install -m 755 "$here/agent/postinst" "$here/agent/prerm" "$here/agent/postrm" "$tree/DEBIAN/"
cat >"$tree/DEBIAN/control" <<CONTROL
Package: hinoban-agent
Version: $version
Architecture: $architecture
Maintainer: Hinoban
Section: admin
Priority: optional
Depends: adduser, libc6 (>= 2.31), libgcc-s1, libssl3 | libssl3t64 | libssl1.1, util-linux
Suggests: monitoring-plugins-basic
Installed-Size: $(du -sk "$tree" | cut -f1)
Description: answers Hinoban's sites, and any NRPE client, about this machine
 Load, swap, disks, users, processes, connections to databases from this
 machine, and plugins that its configuration allows; over NRPE with TLS.
CONTROL
mkdir -p "$folder"
dpkg-deb --root-owner-group -Zxz --build "$tree" "$folder/hinoban-agent_${version}_${architecture}.deb" >/dev/null
echo "$folder/hinoban-agent_${version}_${architecture}.deb"
