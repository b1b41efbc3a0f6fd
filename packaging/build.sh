#!/bin/bash
# build.sh: the Debian package of build/lilong: ./dev package. Reads packaging/, writes build/lilong_VERSION_ARCHITECTURE.deb. Needs no network and no root.
set -euo pipefail
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.."
export LC_ALL=C.UTF-8
umask 022

version=$(build/lilong version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)
# The same sources give the same package.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y meson.build)}
export SOURCE_DATE_EPOCH
package=$PWD/build/lilong_${version}_$architecture.deb
work=$(mktemp -d "${TMPDIR:-/tmp}/lilong-package-XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir "$root"

put() { # MODE FROM TO
    install -D -m "$1" "$2" "$root$3"
}
put_gz() { # FROM TO: compressed, without a date in it
    install -d "$(dirname "$root$2")"
    gzip -9n <"$1" >"$root$2"
}

put 755 build/lilong /usr/bin/lilong
put 755 build/lilong-pdf /usr/lib/lilong/lilong-pdf
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/lilong" "$root/usr/lib/lilong/lilong-pdf"
put 644 packaging/lilong.ini /etc/lilong/lilong.ini
put 644 packaging/systemd/lilong.service /lib/systemd/system/lilong.service
put 644 packaging/systemd/lilong.socket /lib/systemd/system/lilong.socket
# So that every command with --data finds the settings.
install -d "$root/var/lib/lilong"
ln -s /etc/lilong/lilong.ini "$root/var/lib/lilong/lilong.ini"

doc=/usr/share/doc/lilong
put_gz packaging/lilong.1 /usr/share/man/man1/lilong.1.gz
put 644 packaging/debian/copyright $doc/copyright
put 644 docs/operations.md $doc/operations.md
put 644 README.md $doc/README.md
put 644 README.zh.md $doc/README.zh.md
put 644 packaging/proxy/nginx.conf $doc/examples/nginx.conf
put 644 packaging/proxy/haproxy.cfg $doc/examples/haproxy.cfg
maintainer=$(sed -n 's/^Maintainer: //p' packaging/debian/control)
cat >"$work/changelog" <<END
lilong ($version) unstable; urgency=medium

  * What is in this version: CHANGELOG.md of the sources.

 -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
END
put_gz "$work/changelog" $doc/changelog.gz

# The libraries that the two programs need, with the versions that have what it uses.
mkdir "$work/debian"
printf 'Source: lilong\n\nPackage: lilong\nArchitecture: any\n' >"$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O -e root/usr/bin/lilong -e root/usr/lib/lilong/lilong-pdf 2>"$work/shlibdeps.log" | sed -n 's/^shlibs:Depends=//p') || {
    cat "$work/shlibdeps.log" >&2
    exit 1
}

install -d "$root/DEBIAN"
sed -e "s|@VERSION@|$version|; s|@ARCHITECTURE@|$architecture|; s|@SHLIBS@|$libraries|; s|@SIZE@|$(du -sk --apparent-size "$root" | cut -f1)|" \
    packaging/debian/control >"$root/DEBIAN/control"
put 644 packaging/debian/conffiles /DEBIAN/conffiles
for script in postinst prerm postrm; do put 755 packaging/debian/$script /DEBIAN/$script; done
(cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

dpkg-deb --root-owner-group --build "$root" "$package" >/dev/null
echo "$package"
