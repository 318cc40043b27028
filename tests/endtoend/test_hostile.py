"""What an enemy could write on a status page, shown by the running program on a real panel and notification server."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.desktop.desktops import WATCHER
from tests.desktop.hosts import Reader
from tests.desktop.xfce import Xfce
from tests.endtoend import scenes
from tests.endtoend.command import SHORT, configure_home, settings
from tests.endtoend.running import QUICK, Notices, Program, Shown
from trayapp.demo.server import StatusServer
from trayapp.desktop.dbus.bus import Bus
from trayapp.i18n.sanitize import utf16_length

pytestmark = pytest.mark.desktop

PROPERTIES = "org.freedesktop.DBus.Properties"

NAMES = {
    "markup": "<b>&",
    "broken markup": "</b><img src='/etc/passwd'><a href=\"https://evil.example\">here</a> &lt;",
    "option": "--version",
    "apostrophe": "Can't $(touch /tmp/x) `id` \\n %s {0}",
    "right to left": "Fixed \u202egnp.exe\u202c \u2067now\u2069",
    "endless": "x" * 10_000,
    "emoji at the menu's edge": "a" * 58 + "\U0001f600" * 30,
    "emoji at the notification's edge": "b" * 78 + "\U0001f469\u200d\U0001f680" * 30,
}

PLAIN = {
    "markup": "“<b>&”",
    "broken markup": "</b><img src='/etc/passwd'>",
    "option": "“--version”",
    "apostrophe": "Can't $(touch /tmp/x) `id` \\n %s {0}",
    "right to left": "“Fixed gnp.exe now”",
    "endless": "xxxxxxxxxx…”",
    "emoji at the menu's edge": "aaaaaaaaaa",
    "emoji at the notification's edge": "bbbbbbbbbb",
}
"""How a person reads them."""

STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffd\n\x1b")
"""Characters that steer, and the one that stands for a character that was broken."""

NO_ICON_THEME = "No icon found in path"
"""What dunst says on a desktop without icons, whoever notifies."""

MENU_UNITS = 120
TOOLTIP_UNITS = 127
NOTICE_UNITS = 200
"""What there is room for, in UTF-16 units; of a notification without the escapes of its markup."""


@dataclass(frozen=True)
class Desk:
    """What the desktop was given by all programs: one for each name."""

    notices: tuple[Shown, ...]
    labels: tuple[str, ...]
    tooltips: tuple[str, ...]
    logs: str
    complaints: str
    """What the notification server said on stderr."""


@pytest.fixture(scope="module")
def desk(_xfce_session: Xfce, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Programs side by side on one panel, each on a page with one such incident that began under its eyes."""
    xfce, folder = _xfce_session, tmp_path_factory.mktemp("hostile")
    address = xfce.env["DBUS_SESSION_BUS_ADDRESS"]
    with ExitStack() as stack:
        notices = stack.enter_context(Notices(address, folder))
        servers = {name: stack.enter_context(StatusServer(scenes.calm())) for name in NAMES}
        programs = []
        for number, server in enumerate(servers.values()):
            home = configure_home(folder / f"home{number}", settings(server.url, more=SHORT))
            programs.append(stack.enter_context(Program(home, env=xfce.env, command=QUICK)))
        xfce.wait_until(lambda: len(notices.all()) == len(NAMES), 60.0, "all welcomes")
        for name, server in servers.items():
            server.set_answers(scenes.incident(NAMES[name], f"{NAMES[name]} **{NAMES[name]}**"))
        xfce.wait_until(lambda: len(notices.all()) == 2 * len(NAMES), 60.0, "all incidents told")
        xfce.screenshot("hostile-running-program")
        labels, tooltips = _read_icons(address)
        for program in programs:
            program.end()
        yield Desk(
            tuple(shown for shown in notices.all() if "watching" not in shown.title),
            labels,
            tooltips,
            "".join(program.log + program.output for program in programs),
            (xfce.home / "dunst.log").read_text(errors="replace"),
        )


def test_every_name_is_told_once_as_plain_text(desk: Desk) -> None:
    """A server that draws markup gets it escaped, so that a person reads what the page says, and no more."""
    assert len(desk.notices) == len(NAMES)
    bodies = [html.unescape(shown.body) for shown in desk.notices]
    for plain in PLAIN.values():
        assert any(plain in body for body in bodies), (plain, bodies)
    for shown in desk.notices:
        assert "<" not in shown.body
        assert "&" not in re.sub("&(lt|gt|amp);", "", shown.body)
        assert utf16_length(html.unescape(shown.body)) <= NOTICE_UNITS


def test_every_name_stands_in_a_menu(desk: Desk) -> None:
    """Clipped, and an underscore is no mnemonic."""
    for plain in PLAIN.values():
        assert any(plain in label for label in desk.labels), (plain, desk.labels)
    assert all(utf16_length(label) <= MENU_UNITS for label in desk.labels)


def test_tooltips_and_titles_have_room(desk: Desk) -> None:
    """However long the page's words are."""
    assert len(desk.tooltips) == len(NAMES)
    assert all(0 < utf16_length(tooltip) <= TOOLTIP_UNITS for tooltip in desk.tooltips)


def test_nothing_steers_and_nothing_is_broken(desk: Desk) -> None:
    """No direction is overridden, no emoji is cut in half, nothing is left of control characters."""
    texts = [*desk.labels, *desk.tooltips, *(text for n in desk.notices for text in (n.title, n.body))]
    assert [text for text in texts if STEERING.intersection(text)] == []


def test_nobody_complains(desk: Desk) -> None:
    """Neither the programs nor the notification server, which would warn of markup it cannot read."""
    assert "Traceback" not in desk.logs
    assert "ERROR" not in desk.logs
    assert [line for line in desk.complaints.splitlines() if line and NO_ICON_THEME not in line] == []


def _read_icons(address: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels of all menus and all tooltips that the panel's icons have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        bus = Bus.connect()
    try:
        query = ("Get", "ss", (WATCHER, "RegisteredStatusNotifierItems"))
        (((_, items)),) = bus.call(WATCHER, "/StatusNotifierWatcher", PROPERTIES, *query)
        readers = [Reader(bus, item.partition("/")[0]) for item in items]
        labels = tuple(label for reader in readers for label in reader.ids())
        tooltips = tuple(_text(reader.property("ToolTip")) for reader in readers)
    finally:
        bus.close()
    return labels, tooltips


def _text(tooltip: Any) -> str:
    """A tooltip's title and text, as hosts show them."""
    _icon, _pixmaps, title, text = tooltip
    return " ".join(filter(None, (title, text)))
