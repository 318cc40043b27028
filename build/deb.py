"""Makes dist/openai-status-tray_VERSION_all.deb: python build/deb.py

One package for Debian 12 and 13 and what is made of them. It brings nothing that is compiled, so there is nothing in it that
only we could mend: Python, OpenSSL, SQLite, expat and Pillow are the system's, whose security team looks after them.

- Debian's own, new enough in both releases: python3 (3.11.2 and 3.13.5), python3-pil (9.4 and 11.1), python3-xlib (0.33),
  python3-six, python3-idna, python3-certifi (any version does).
- Brought along, all pure Python, in /usr/lib/openai-status-tray, as requirements.lock has them: httpx and httpcore (Debian 12
  has 0.23 and 0.16; needed are 0.28 and 1), h11 (0.14; httpcore wants 0.16), anyio (3.6; 4 is wanted), typing-extensions (4.4;
  anyio wants 4.5), jeepney (0.8; 0.9), filelock (3.9; 3.20), platformdirs (2.6; 4.2), tomlkit (0.11; 0.13), plyer (2.0; 2.1),
  pystray (0.19.4; 0.19.5), truststore (not in Debian 12). Debian 13 has most of these; one package with one set is what we can try.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from trayapp import APP_ID as NAME
from trayapp import APP_TITLE, __version__
from trayapp.app.build_record import RECORD_FILE

DIST = ROOT / os.environ.get("DIST", "dist")
OWN = Path("usr/lib") / NAME
SYSTEMS = {
    # Package index's name -> Debian's, of what is new enough in Debian 12 already.
    "pillow": "python3-pil",
    "python-xlib": "python3-xlib",
    "six": "python3-six",
    "idna": "python3-idna",
    "certifi": "python3-certifi",
}
STAGE = ROOT / "out" / "deb"
MAINTAINER = f"The {APP_TITLE} authors <{NAME}@packages.invalid>"

CONTROL = """\
Package: {name}
Version: {version}
Architecture: all
Maintainer: {maintainer}
Installed-Size: {size}
Depends: python3 (>= 3.11), {systems}, ca-certificates
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
 Unofficial: not made or endorsed by OpenAI.
"""

LAUNCHER = """\
#!/usr/bin/python3 -sE
import sys

from trayapp.__main__ import main

sys.exit(main())
"""
"""Without a person's own packages and variables, by which another library would come in place of the tried one."""

POSTINST = f"""\
#!/bin/sh
set -e
if [ "$1" = configure ] && command -v py3compile >/dev/null; then
    py3compile -p {NAME} /{OWN}
fi
"""
RUNTIME_UPDATE = f"""\
#!/bin/sh
set -e
# Debian's Python has become another one.
if [ "$1" = rtupdate ]; then
    py3clean -p {NAME} /{OWN}
    py3compile -p {NAME} /{OWN}
fi
"""
PRERM = f"""\
#!/bin/sh
set -e
# What still runs would lose its files: it is asked to end, which takes it less than two seconds.
# Through an upgrade it goes on and says that it wants a restart.
if [ "$1" = remove ]; then
    for process in /proc/[0-9]*; do
        # It may have ended meanwhile.
        case "$({{ tr '\\0' ' ' <"$process/cmdline"; }} 2>/dev/null || true)" in
            "/usr/bin/python3 -sE /usr/bin/{NAME} "* | "/usr/bin/python3 -sE /{OWN}/{NAME} "*)
                kill -TERM "${{process#/proc/}}" 2>/dev/null || true
                timeout 5 tail --pid="${{process#/proc/}}" -f /dev/null || true
                ;;
        esac
    done
fi
if command -v py3clean >/dev/null; then
    py3clean -p {NAME} /{OWN}
else
    find /{OWN} -name __pycache__ -type d -prune -exec rm -rf {{}} +
fi
"""

COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: OpenAI Status Tray
Comment: The folder /usr/lib/{name} holds libraries of others. Their
 copyright notices and licences stand in
 /usr/share/doc/{name}/licences, in one folder for each package.

Files: *
Copyright: {holder}
License: Expat
{licence}
"""


def main() -> None:
    """Stage, describe and build."""
    shutil.rmtree(STAGE, ignore_errors=True)
    _stage()
    _describe()
    control = CONTROL.format(
        name=NAME,
        version=__version__,
        maintainer=MAINTAINER,
        size=sum(file.lstat().st_size for file in STAGE.rglob("*")) // 1024,
        systems=", ".join(SYSTEMS.values()),
    )
    _put("DEBIAN/control", control)
    _put("DEBIAN/md5sums", "".join(_sums()))
    _put("DEBIAN/postinst", POSTINST, mode=0o755)
    _put("DEBIAN/prerm", PRERM, mode=0o755)
    DIST.mkdir(parents=True, exist_ok=True)
    package = DIST / f"{NAME}_{__version__}_all.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", STAGE, package], check=True, stdout=subprocess.DEVNULL)
    print(package.relative_to(ROOT))


def brought_along() -> Iterator[Distribution]:
    """The libraries that the program needs and that are not the system's, as this environment has them."""
    wanted, seen = [NAME], set(SYSTEMS)
    while wanted:
        name = wanted.pop()
        of_name = distribution(name)
        if name != NAME:
            yield of_name
        for text in of_name.requires or ():
            requirement = Requirement(text)
            needed = requirement.name.lower().replace("_", "-")
            # For Debian 12's Python, which needs all that a later one needs.
            if needed not in seen and (
                requirement.marker is None or requirement.marker.evaluate({**DEBIAN, "extra": ""})
            ):
                seen.add(needed)
                wanted.append(needed)


DEBIAN = {"python_version": "3.11", "python_full_version": "3.11.2", "sys_platform": "linux", "os_name": "posix"}


def _stage() -> None:
    """The program's files at their places; modes are what Debian wants, whatever the umask."""
    own, documents = STAGE / OWN, STAGE / "usr/share/doc" / NAME
    left_out = shutil.ignore_patterns("__pycache__", "*.po", "*.pot")
    shutil.copytree(ROOT / "trayapp", own / "trayapp", ignore=left_out)
    _put(f"{OWN}/trayapp/assets/config.example.toml", (ROOT / "assets/config.example.toml").read_bytes())
    _put(f"{OWN}/trayapp/{RECORD_FILE}", f'{{"built": {os.environ["SOURCE_DATE_EPOCH"]}, "debian": {{}}}}\n')
    _put(f"{OWN}/{NAME}", LAUNCHER)
    for library in brought_along():
        _bring(library, own, documents / "licences" / library.name.lower())
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
            runs = path.is_dir() or path == STAGE / OWN / NAME
            path.chmod(0o755 if runs else 0o644)
    _put(f"usr/share/python3/runtime.d/{NAME}.rtupdate", RUNTIME_UPDATE, mode=0o755)


def _bring(library: Distribution, own: Path, licences: Path) -> None:
    """Copies a library, what scanners read of it, and its licence."""
    for file in library.files or ():
        source, target = Path(str(library.locate_file(file))), own / file
        if file.name.upper().startswith(("LICEN", "COPYING", "NOTICE")) and ".dist-info" in str(file):
            target = licences / file.name
        elif ".." in file.parts or file.suffix in {".pyc", ".so"} or (".dist-info" in str(file) and file.name != "METADATA"):
            if file.suffix == ".so":
                raise SystemExit(f"{library.name} has a compiled part, {file}: it must be Debian's own")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    if not licences.is_dir():
        raise SystemExit(f"{library.name} brings no licence text")


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


if __name__ == "__main__":
    main()
