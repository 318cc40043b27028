"""A Windows Python under Wine, in a Windows of its own; `make windows-python` puts both where they are looked for.

Standard input, output and error of what runs there must be pipes or nothing at all: Wine 8 gives Python a handle of a
file that it then finds invalid.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
MADE = Path(os.environ.get("WINDOWS_PYTHON") or ROOT / "out" / "windows")
"""The folder with `py`, the Python with our libraries, and `prefix`, a fresh Windows to copy."""
LIMIT = 60.0


def missing() -> str:
    """Why there is none here; empty when there is."""
    if not shutil.which("wine"):
        return "Wine"
    return "" if (MADE / "py" / "python.exe").exists() else str(MADE / "py")


class Windows:
    """One person's Windows, without a display unless `env` names one; `close` ends all that runs in it."""

    def __init__(self, folder: Path) -> None:
        prefix = folder / "wine"
        # Links, because it has 700 MB of libraries; but where a file has two names, Wine writes the registry in place.
        linked = subprocess.run(
            ["cp", "-al", str(MADE / "prefix"), str(prefix)], check=False, capture_output=True
        )
        if linked.returncode:  # another disk, to which no link leads
            shutil.rmtree(prefix, ignore_errors=True)
            subprocess.run(["cp", "-a", str(MADE / "prefix"), str(prefix)], check=True)
        for file in prefix.glob("*.reg"):
            file.unlink()
            shutil.copy2(MADE / "prefix" / file.name, file)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "WINEPREFIX": str(prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=",
            "PYTHONPYCACHEPREFIX": r"C:\compiled",  # of the source here, which another Python compiles too
        }
        self.drive = prefix / "drive_c"

    def start(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        program: str = "python.exe",
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.PIPE,
        stderr: int = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        """Start Python with these arguments, at the root of the source; its output comes in pipes."""
        return subprocess.Popen(
            ["wine", str(MADE / "py" / program), *arguments],
            env={**self.env, **(env or {})},
            cwd=ROOT,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            text=True,
            encoding="utf-8",
            errors="replace",
        )

    def run(
        self, *arguments: str, env: Mapping[str, str] | None = None, limit: float = LIMIT
    ) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments to its end."""
        with self.start(*arguments, env=env) as process:
            try:
                out, err = process.communicate(timeout=limit)
            except subprocess.TimeoutExpired:
                self.close()
                raise
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def close(self) -> None:
        """End all that runs in it, and wait until it has ended."""
        for what in ("-k", "-w"):
            subprocess.run(["wineserver", what], env=self.env, check=False, timeout=LIMIT)
