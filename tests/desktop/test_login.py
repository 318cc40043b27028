"""Start at login in a real XFCE session, which has a launcher of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.desktop.test_autostart import AWKWARD
from tests.installed.sessions import Session
from trayapp.desktop.autostart import xdg

pytestmark = pytest.mark.desktop

TOOL = '#!/bin/sh\nprintf "%s\\n" "$0" "$@" >"$0.new" && /bin/mv "$0.new" "$0.said"\n'


def test_a_session_starts_what_is_there_and_passes_over_what_is_gone(
    desktop_tools: None, tmp_path: Path
) -> None:
    """From any folder, with any argument; of an uninstalled program there is no word."""
    if not shutil.which("xfce4-session"):
        pytest.skip("needs xfce4-session; `make desktop-tools` installs it")
    opener = tmp_path / "xdg-open"
    opener.write_text("#!/bin/sh\n")
    opener.chmod(0o755)
    session = Session(tmp_path / "home", opener)
    entries = tmp_path / "home" / "config" / "autostart"
    entries.mkdir(parents=True)
    tools = [tmp_path / "tools" / name / "openai-status-tray" for name in AWKWARD]
    for number, tool in enumerate(tools):
        tool.parent.mkdir(parents=True)
        tool.write_text(TOOL)
        tool.chmod(0o755)
        command = (str(tool), "run", "--config", f"/{tool.parent.name}/my %c $file")
        (entries / f"there-{number}.desktop").write_text(xdg.build_entry(command))
    for number, gone in enumerate(("/gone/openai-status-tray", "/gone 100%/openai-status-tray")):
        (entries / f"gone-{number}.desktop").write_text(xdg.build_entry((gone, "run")))
    try:
        session.log_in()
        for tool in tools:
            said = tool.with_name("openai-status-tray.said")
            session.wait_until(said.exists, what=f"{tool} started")
            assert said.read_text().splitlines() == [
                str(tool),
                "run",
                "--config",
                f"/{tool.parent.name}/my %c $file",
            ]
        assert "gone" not in (tmp_path / "home" / "xfce4-session.log").read_text()
    finally:
        session.close()
