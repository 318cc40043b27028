"""The lines of docs/usage.md for bars and prompts, in real ones, over the real running program."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import ImageChops

from tests.desktop import wayland
from tests.desktop.conftest import SKIP
from tests.desktop.desktops import Desktop, wait_until
from tests.desktop.wayland import Bar, Sway
from tests.endtoend import scenes
from tests.endtoend.command import COMMAND, SHORT, configure_home, environment, settings
from tests.endtoend.running import QUICK, Browser, Program
from tests.film import own_film
from trayapp.demo.server import StatusServer
from trayapp.places import HOME_VARIABLE

pytestmark = pytest.mark.desktop

USAGE = (Path(__file__).parents[2] / "docs" / "usage.md").read_text("utf-8")
TITLE = "%{A1:touch here:} <b>slow</b> & #[fg=red]"
BACKGROUND = "#222222"
TOP = 40
"""Rows in which the bars here are."""


def block(language: str, word: str) -> str:
    """A block of that document by its language and a word of it."""
    (found,) = [text for text in re.findall(rf"```{language}\n(.*?)```", USAGE, re.DOTALL) if word in text]
    return str(found)


@pytest.fixture
def page() -> Iterator[StatusServer]:
    """All is well."""
    with StatusServer(own_film().scenes[0]) as server:
        yield server


@pytest.fixture
def program(tmp_path: Path, page: StatusServer, browser: Browser) -> Iterator[Program]:
    """It runs ten times as fast, so that what the page says next is read soon; without a tray: the bar is all there is."""
    home = configure_home(tmp_path / "home", settings(page.url, more=SHORT))
    with Program(home, command=QUICK, env=browser.env) as program:
        program.wait_for("fine")
        yield program


def within(desktop: Desktop, program: Program) -> None:
    """Have what is started in a desktop from now on find the command and the program."""
    desktop.env |= {HOME_VARIABLE: str(program.home), "PATH": f"{Path(COMMAND).parent}:{desktop.env['PATH']}"}


def tools(*names: str) -> None:
    """Skip where one of them is not installed."""
    if missing := [name for name in names if shutil.which(name) is None]:
        pytest.skip(SKIP.format(", ".join(missing)))


def tell(page: StatusServer, program: Program) -> None:
    """An outage with a title that would command a bar."""
    page.set_answers(scenes.incident(TITLE))
    program.wait_for("partly down")


def watch_bar(desktop: Desktop) -> Callable[[], bool]:
    """Whether the bar looks otherwise than now."""
    before = desktop.grab().crop((0, 0, 800, TOP))
    return lambda: bool(ImageChops.difference(before, desktop.grab().crop((0, 0, 800, TOP))).getbbox())


def test_waybar_shows_it(desktop_tools: None, page: StatusServer, program: Program) -> None:
    """A check while all is well, the words in an outage; a title with markup breaks nothing."""
    tools(*wayland.TOOLS)
    with tempfile.TemporaryDirectory() as home:
        desktop = Sway(Path(home), Bar.OWN)
        try:
            within(desktop, program)
            module = json.loads(f"{{{block('json', 'custom/openai')}}}")
            module["custom/openai"]["interval"] = 1
            bar = {
                "layer": "top",
                "position": "top",
                "height": 28,
                "modules-left": ["custom/openai"],
                **module,
            }
            (Path(home) / "bar.json").write_text(json.dumps(bar))
            (Path(home) / "bar.css").write_text(
                f"* {{ color: #eeeeee; }} window {{ background: {BACKGROUND}; }}"
                " #custom-openai { padding: 0 8px; background: #1a7a3f; }"
                " #custom-openai.partial_outage { background: #b45309; }"
            )
            desktop.start("waybar", "--config", f"{home}/bar.json", "--style", f"{home}/bar.css")
            desktop.wait_colour((0x1A, 0x7A, 0x3F), what="the module in the colour of its class", above=TOP)
            desktop.screenshot("waybar-module-calm")
            tell(page, program)
            desktop.wait_colour((0xB4, 0x53, 0x09), what="the module in trouble", above=TOP)
            desktop.screenshot("waybar-module-trouble")
            assert "markup" not in (Path(home) / "waybar.log").read_text()
        finally:
            desktop.close()


def test_polybar_shows_it_and_runs_nothing_of_a_title(
    desktop_tools: None, page: StatusServer, program: Program, browser: Browser, tmp_path: Path
) -> None:
    """A click opens the details, and not what a title names."""
    tools("polybar")
    (tmp_path / "desktop").mkdir()
    desktop = Desktop(tmp_path / "desktop")
    try:
        within(desktop, program)
        config = f"""[bar/top]
width = 100%
height = 28
background = {BACKGROUND}
foreground = #eeeeee
font-0 = DejaVu Sans:size=10;2
modules-left = openai
{block("ini", "module/openai").replace("interval = 10", "interval = 1").replace("label-maxlen = 60", "")}"""
        (tmp_path / "polybar.ini").write_text(config)
        empty = watch_bar(desktop)
        desktop.start("polybar", "--config=" + str(tmp_path / "polybar.ini"), "top")
        desktop.wait_until(empty, what="polybar")
        wait_until(
            lambda: len(desktop.grab().crop((0, 0, 800, 28)).getcolors(800 * 28) or ()) > 8, what="its text"
        )
        desktop.screenshot("polybar-module-calm")
        is_other = watch_bar(desktop)
        tell(page, program)
        desktop.wait_until(is_other, what="the module in trouble")
        desktop.screenshot("polybar-module-trouble")
        for x in range(10, 420, 20):
            desktop.click(x, 14)
        wait_until(lambda: browser.opened, what="the details opened")
        assert not list(tmp_path.rglob("here"))
    finally:
        desktop.close()


def test_tmux_shows_it(program: Program, page: StatusServer, tmp_path: Path) -> None:
    """In its status line, with the title's own colours as words."""
    tools("tmux")
    (tmp_path / "tmux.conf").write_text(
        block("tmux", "status-right").replace("{since}", "{since} {sentence}")
        + "set -g status-interval 1\nset -g status-right-length 300\nset -g status-left ''\nset -g window-status-current-format ''\n"
    )
    env = environment(program.home, TERM="xterm-256color", TMUX_TMPDIR=str(tmp_path))
    env["PATH"] = f"{Path(COMMAND).parent}:{env['PATH']}"

    def tmux(*arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-f", str(tmp_path / "tmux.conf"), "-L", "bars", *arguments],
            env=env, capture_output=True, text=True, check=False, timeout=20,
        )  # fmt: skip
        return done.stdout

    # One tmux in the window of another: a status line is drawn for who looks at it, and is no part of a window.
    inner = f"env -u TMUX tmux -f {tmp_path / 'tmux.conf'} -L inner new-session cat"
    tmux("new-session", "-d", "-x", "200", "-y", "12", inner)
    try:
        tmux("set", "-g", "status", "off")
        wait_until(lambda: "✓ operational" in tmux("capture-pane", "-p"), what="tmux's line", limit=30)
        tell(page, program)
        wait_until(lambda: "◆ partial_outage" in tmux("capture-pane", "-p"), what="the trouble", limit=30)
        assert "# [fg=red]" in tmux("capture-pane", "-p")
    finally:
        for name in ("inner", "bars"):
            subprocess.run(["tmux", "-L", name, "kill-server"], env=env, check=False, timeout=20)
