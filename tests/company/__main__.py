"""`python -m tests.company`: rolls the program out on a desk as an administrator would, and has an outage come and go.

The desk is a bare Debian 12 with XFCE, on which apt installs our package, and its one wire leads to squid and to nginx
as the mirror. With Wine the Windows program lives through the same. Takes six minutes, the first time twelve.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests import namespaces
from tests.company.checks import linux_rows, table, windows_rows
from tests.desktop.desktops import PICTURES
from tests.desktop.windows import missing as missing_windows
from tests.measurements import put_into
from trayapp import APP_ID, __version__

ROOT = Path(__file__).parents[2]
DOC = ROOT / "docs/company.md"
PACKAGE = ROOT / "dist" / f"{APP_ID}_{__version__}_all.deb"
ROOTS = Path(os.environ.get("ROOTS", "/var/tmp/bare-roots"))  # noqa: S108 - build/company-root's
PARTS = {
    "linux": ("Debian 12, XFCE, our package", linux_rows),
    "windows": ("The Windows program under Wine", windows_rows),
}
REFUSED = 2


def why_not() -> str:
    """What keeps it from being tried here; empty where nothing does."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "needs Linux, and root"
    if shutil.which("apt-get") is None:
        return "needs Debian's apt, which makes the desk"
    if not PACKAGE.exists():
        return f"needs {PACKAGE.relative_to(ROOT)}, which `make deb` makes"
    return namespaces.missing("nsenter", "mount")


def found_on_desks(without: str, interval: str) -> Mapping[str, Any]:
    """Make the desks, have all of it happen, and keep the pictures."""
    ROOTS.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="desk-", dir=ROOTS))
    try:
        made = subprocess.run([ROOT / "build/company-root", "make", folder, PACKAGE], check=False, cwd=ROOT)
        if made.returncode:
            sys.stderr.write("Not tried: the desk could not be made.\n")
            raise SystemExit(REFUSED)
        options = ["--interval", interval, *(["--without", without] if without else [])]
        office = [sys.executable, "-m", "tests.company.office", str(folder), *options]
        done = subprocess.run([*namespaces.ENTER, *office], check=False, stdout=subprocess.PIPE, cwd=ROOT)
        pictures = folder / "layer/opt/company-desk/out/pictures"
        if pictures.is_dir():
            shutil.copytree(pictures, PICTURES / "company", dirs_exist_ok=True)
        if done.returncode:
            raise SystemExit(f"It came to no end; see {PICTURES / 'company'}.")
        found: Mapping[str, Any] = json.loads(done.stdout)
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """0 when all is as it must be, 1 when something is not, 2 where it cannot be tried."""
    options = _options()
    if why := why_not():
        sys.stderr.write(f"Not tried: {why}.\n")
        return REFUSED
    begun = time.monotonic()
    without, lacking = options.without, missing_windows()
    if lacking and not without:
        sys.stderr.write(f"Without the Windows program: {lacking} is missing.\n")
        without = "windows"
    found = found_on_desks(without, options.interval)
    if options.out:
        options.out.write_text(json.dumps(found, indent=1))
    rows = {PARTS[part][0]: list(PARTS[part][1](each)) for part, each in found.items()}
    text = "\n".join(f"{title}:\n\n{table(each)}" for title, each in rows.items())
    failed = sum(not row.is_met for each in rows.values() for row in each)
    sys.stdout.write(f"{text}\n{failed} not as it must be, {time.monotonic() - begun:.0f} s\n")
    if options.write and not without and not failed:
        put_into(DOC, "desk", text)
    return int(failed > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.company", description=__doc__)
    parser.add_argument("--without", choices=list(PARTS), default="", help="leave one of the two out")
    parser.add_argument("--interval", default="2m", help="what the organisation locks page.interval to")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/company.md")
    parser.add_argument("--out", type=Path, help="a file for all that was found, as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
