"""The whole program as on macOS, whose own parts are stand-ins: it starts, shows, tells and ends there."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

from tests.desktop.desktops import wait_until
from tests.desktop.test_osascript import install
from tests.endtoend import scenes
from tests.endtoend.command import SHORT, configure_home, environment, ran, settings
from tests.endtoend.running import ROOT, Program
from trayapp.demo.server import StatusServer

ON_A_MAC = (sys.executable, "-m", "tests.endtoend.mac")


def test_an_outage_is_shown_in_the_menu_bar_and_told(tmp_path: Path) -> None:
    """From a calm page to an outage and to the end, without a library that only Linux has."""
    told = install(tmp_path)
    with StatusServer(scenes.calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url, more=SHORT))
        osascript = {"OSASCRIPT": str(tmp_path / "osascript")}
        with Program(home, env=osascript, command=ON_A_MAC) as program:
            program.wait_for("menu bar: ")
            program.wait_for("fine")
            server.set_answers(scenes.down("ChatGPT"))
            program.wait_for("menu bar: ChatGPT down")
            wait_until(lambda: "ChatGPT is down" in told.read_text(), what="the outage told")
            assert ran(home, "check").code == 0
            assert program.end(signal.SIGTERM) < 5
            assert program.process.returncode == 0
    assert "Traceback" not in program.output + program.log


def test_without_a_desktop_it_goes_on_in_the_terminal(tmp_path: Path) -> None:
    """As over ssh: it says that there is no icon, and ends when it is told to."""
    install(tmp_path)
    with StatusServer(scenes.calm()) as server:
        home = configure_home(tmp_path / "home", settings(server.url, more=SHORT))
        env = {"OSASCRIPT": str(tmp_path / "osascript"), "NO_DESKTOP": "1"}
        with Program(home, env=env, command=ON_A_MAC) as program:
            program.wait_for("No system tray was found")
            program.wait_for("fine")
            assert ran(home, "quit").code == 0
            assert program.process.wait(20) == 0
    assert "menu bar: " not in program.output
    assert "Traceback" not in program.output + program.log


def run_on_mac(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a command says there."""
    command = [*ON_A_MAC, *arguments]
    env = environment(home, https_proxy="http://127.0.0.1:9", http_proxy="http://127.0.0.1:9")
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_selftest_and_doctor_answer(tmp_path: Path) -> None:
    """Every part is there, the icon is shown by the menu bar, and `doctor` names both of the desktop's parts."""
    home = tmp_path / "home"
    home.mkdir()
    done = run_on_mac(home, "selftest")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "tray: the icon was shown by menu bar" in done.stdout
    found = {
        finding["what"]: finding["found"]
        for finding in json.loads(run_on_mac(home, "doctor", "--json").stdout)
    }
    assert (found["Tray"], found["Notifications"]) == ("menu bar: there", "osascript")
