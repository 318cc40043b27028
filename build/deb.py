"""Makes dist/openai-status-tray_VERSION_ARCH.deb of dist/openai-status-tray: python build/deb.py"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from trayapp import APP_ID as NAME
from trayapp import APP_TITLE, __version__

DIST = ROOT / os.environ.get("DIST", "dist")
BUNDLE = DIST / NAME
STAGE = ROOT / "out" / "deb"
MAINTAINER = f"The {APP_TITLE} authors <{NAME}@packages.invalid>"

CONTROL = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: libc6 (>= {libc}), ca-certificates
Recommends: default-dbus-session-bus | dbus-session-bus, notification-daemon, xdg-utils
Suggests: gnome-shell-extension-appindicator
Section: net
Priority: optional
Description: tray icon that shows whether ChatGPT and the OpenAI API work
 It says at a glance whether the OpenAI products you follow work, whether it is
 them or you, and since when. One notification tells when an outage starts and
 one when it is over. Without a tray it goes on as a line in the terminal.
 .
 It starts at login only when you say so: openai-status-tray autostart on.
 .
 Unofficial: not made or endorsed by OpenAI. It brings its own Python.
"""

PRERM = f"""\
#!/bin/sh
set -e
# What still runs would lose its files: it is asked to end, which takes it less than two seconds.
# Through an upgrade it goes on and says that it wants a restart.
if [ "$1" = remove ]; then
    for process in /proc/[0-9]*; do
        # The kernel says " (deleted)" of the program that goes on through an upgrade.
        case $(readlink "$process/exe") in
            /usr/lib/{NAME}/{NAME} | "/usr/lib/{NAME}/{NAME} (deleted)")
                kill -TERM "${{process#/proc/}}" 2>/dev/null || true
                timeout 5 tail --pid="${{process#/proc/}}" -f /dev/null || true
                ;;
        esac
    done
fi
"""

COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: OpenAI Status Tray
Comment: The folder /usr/lib/{name}/_internal holds Python and libraries
 of others. Their copyright notices and licences stand in
 /usr/share/doc/{name}/licences, in one folder for each package.

Files: *
Copyright: {holder}
License: Expat
{licence}
"""

OVERRIDES = """\
# The program brings its own Python with the libraries that this was built for, so that it runs where there is none.
{name}: embedded-library * [usr/lib/{name}/_internal/*]
# So small that it needs nothing of the C library.
{name}: library-not-linked-against-libc [usr/lib/{name}/_internal/python3.*/lib-dynload/_statistics.*]
"""


def main() -> None:
    """Stage, describe and build."""
    shutil.rmtree(STAGE, ignore_errors=True)
    _stage()
    _describe()
    architecture = _run_command("dpkg", "--print-architecture")
    control = CONTROL.format(
        name=NAME,
        version=__version__,
        architecture=architecture,
        maintainer=MAINTAINER,
        size=sum(file.lstat().st_size for file in STAGE.rglob("*")) // 1024,
        libc=_run_command(str(ROOT / "build" / "glibc"), str(BUNDLE)),
    )
    _put("DEBIAN/control", control)
    _put("DEBIAN/md5sums", "".join(_sums()))
    _put("DEBIAN/prerm", PRERM, mode=0o755)
    package = DIST / f"{NAME}_{__version__}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", STAGE, package], check=True, stdout=subprocess.DEVNULL)
    print(package.relative_to(ROOT))


def _stage() -> None:
    """The program's files at their places; modes are what Debian wants, whatever the umask."""
    shutil.copytree(BUNDLE, STAGE / "usr/lib" / NAME, symlinks=True)
    documents = STAGE / "usr/share/doc" / NAME
    documents.mkdir(parents=True)
    (STAGE / "usr/lib" / NAME / "_internal/licences").rename(documents / "licences")
    (STAGE / "usr/bin").mkdir()
    (STAGE / "usr/bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    for source, target in (
        (f"{NAME}.desktop", f"applications/{NAME}.desktop"),
        ("icon.svg", f"icons/hicolor/scalable/apps/{NAME}.svg"),
        ("icon.png", f"icons/hicolor/256x256/apps/{NAME}.png"),
        ("config.example.toml", f"doc/{NAME}/config.example.toml"),
    ):
        _put(f"usr/share/{target}", (ROOT / "assets" / source).read_bytes())
    for path in STAGE.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path == STAGE / "usr/lib" / NAME / NAME
            path.chmod(0o755 if runs else 0o644)


def _describe() -> None:
    """What Debian's policy asks for beside the program."""
    share = f"usr/share/doc/{NAME}"
    at = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    entry = f"{NAME} ({__version__}) unstable; urgency=medium\n\n  * What changed stands in CHANGELOG.md.gz beside this file.\n\n"
    _put_gz(f"{share}/changelog.gz", f"{entry} -- {MAINTAINER}  {at:%a, %d %b %Y %H:%M:%S +0000}\n")
    _put_gz(f"{share}/CHANGELOG.md.gz", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    _put_gz(f"usr/share/man/man1/{NAME}.1.gz", (ROOT / f"assets/{NAME}.1").read_text("utf-8"))
    title, holder, *text = re.split(r"\n\n", (ROOT / "LICENSE").read_text("utf-8").strip())
    licence = "\n .\n".join(re.sub(r"^", " ", part, flags=re.MULTILINE) for part in text)
    _put(f"{share}/copyright", COPYRIGHT.format(name=NAME, holder=holder.removeprefix("Copyright (c) "), licence=licence))
    _put(f"usr/share/lintian/overrides/{NAME}", OVERRIDES.format(name=NAME))


def _sums() -> list[str]:
    files = sorted(file for file in (STAGE / "usr").rglob("*") if file.is_file() and not file.is_symlink())
    return [f"{hashlib.md5(file.read_bytes()).hexdigest()}  {file.relative_to(STAGE)}\n" for file in files]


def _put(place: str, content: str | bytes, mode: int = 0o644) -> None:
    file = STAGE / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    file.chmod(mode)


def _put_gz(place: str, content: str) -> None:
    _put(place, gzip.compress(content.encode(), 9, mtime=0))


def _run_command(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
