"""`python -m tests.company.laptop FOLDER`: the Windows program under Wine in the company's network; run by `office`.

Real are Windows' Python, WinHTTP with the settings as Windows keeps them, the site's file in its place, and all of the
program. One thing is stood in: Wine says of each file that it is the person's, never an administrator's, so who owns
the site's file is said for it. What the program says without that is found, too.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.company.network import PROXY_NAME
from tests.company.site import OWN, SITE
from tests.company.talk import becomes, tell
from tests.desktop.windows import Windows
from trayapp import APP_ID

SET_PROXY = """
import struct, winreg
proxy = {proxy!r}.encode()
blob = struct.pack("<III", 0x46, 1, 3) + struct.pack("<I", len(proxy)) + proxy + struct.pack("<II", 0, 0) + bytes(32)
with winreg.CreateKey(
    winreg.HKEY_CURRENT_USER, r"Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\Connections"
) as key:
    winreg.SetValueEx(key, "DefaultConnectionSettings", 0, winreg.REG_BINARY, blob)
"""
"""As Windows' own panel writes a proxy that is set by hand, without exceptions: the mirror is reached by it, too."""
NEWS_PATIENCE = 60.0
ADMINISTERED = """
import sys
from trayapp.desktop import administrators
administrators.read_permissions = lambda path: "O:BAD:(A;;FA;;;BA)(A;;0x1200a9;;;BU)"
from trayapp.__main__ import main
sys.exit(main())
"""


class Laptop:
    """A person's Windows, with what the administrator put there."""

    def __init__(self, folder: Path) -> None:
        self.windows = Windows(folder)
        drive = self.windows.drive
        person = next(user for user in (drive / "users").iterdir() if user.name != "Public")
        for home, text in (
            (drive / "ProgramData", SITE.format(interval="2m")),
            (person / "AppData" / "Local", OWN),
        ):
            (home / APP_ID).mkdir(parents=True)
            (home / APP_ID / "config.toml").write_text(text, "utf-8")
        self.run("-c", SET_PROXY.format(proxy=f"{PROXY_NAME}:3128"))

    def run(self, *arguments: str) -> str:
        """Run Windows' Python to its end; what it printed."""
        done = self.windows.run(*arguments, limit=120.0)
        if not done.stdout and done.returncode:
            raise RuntimeError(f"{arguments}: {done.returncode} {done.stderr}")
        return done.stdout

    def ask(self, *arguments: str) -> Any:
        """What the program says as JSON, the site's file being an administrator's."""
        return json.loads(self.run("-c", ADMINISTERED, *arguments, "--json"))

    def reads_other_than(self, state: str) -> Any:
        """What the program says once the mirror has the news, which takes it less than a minute."""
        ends = time.monotonic() + NEWS_PATIENCE
        while (said := self.ask("status"))["state"] == state and time.monotonic() < ends:
            pass  # each reading takes seconds
        return said


def live(folder: Path) -> dict[str, Any]:
    """A calm reading, one in an outage, and one after it."""
    laptop = Laptop(folder)
    try:
        found: dict[str, Any] = {
            "settings_as_wine_has_owners": json.loads(laptop.run("-m", "trayapp", "settings", "--json")),
            "settings": laptop.ask("settings"),
            "doctor": laptop.ask("doctor"),
            "calm": laptop.ask("status"),
        }
        for scene in ("outage", "resolved"):
            becomes(scene)
            found[scene] = laptop.reads_other_than(
                found["outage" if scene == "resolved" else "calm"]["state"]
            )
    finally:
        laptop.windows.close()
    return found


if __name__ == "__main__":
    tell(live(Path(sys.argv[1])))
