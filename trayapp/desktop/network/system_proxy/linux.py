"""Asks a Linux desktop for the proxy: its portal and, where there is none or it is silent, GNOME's settings.

Portal: https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.ProxyResolver.html. It answers by the
settings of GNOME and KDE, and evaluates PAC files. It is started only on these two desktops, of which it is a part;
elsewhere only one that runs is asked, and none is started for this alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from queue import Empty, SimpleQueue

from trayapp.desktop.dbus.bus import DAEMON, DAEMON_PATH, Body, Bus, BusError, unpack_body
from trayapp.desktop.network.system_proxy.gnome import PacFileError, read_gnome_settings
from trayapp.model import ProxySource, ProxyTrouble, SystemProxyAnswer

PORTAL = "org.freedesktop.portal.Desktop"
PORTAL_PATH = "/org/freedesktop/portal/desktop"
PORTAL_INTERFACE = "org.freedesktop.portal.ProxyResolver"
PAC_RUNNER = "org.gtk.GLib.PACRunner"
"""GLib's own, in glib-networking: it evaluates a PAC file for whoever asks."""
PAC_RUNNER_PATH = "/org/gtk/GLib/PACRunner"

FIRST_PATIENCE = 12.0
"""Seconds for the first answer; a PAC file may take ten. The other addresses are asked only once it is there."""
_CONNECT_PATIENCE = 2.0
_PORTAL_DESKTOPS = frozenset({"GNOME", "KDE"})
_GNOME_DESKTOPS = frozenset(
    {"GNOME", "Unity", "X-Cinnamon", "Pantheon", "MATE", "Budgie", "UKUI", "Deepin", "DDE"}
)
"""Those that keep their proxy where GNOME does, as Chromium has it (`net/proxy_resolution`), and MATE."""
_MOST_ADDRESSES = 10
_LONGEST_ADDRESS = 2000

Ask = Callable[[str, Callable[[Body | None], None]], None]
Report = Callable[[str, SystemProxyAnswer], None]


def look_up(urls: Sequence[str], report: Report, patience: float = FIRST_PATIENCE) -> None:
    """Ask about these addresses, and report each answer as it comes."""
    try:
        bus = Bus.connect(_CONNECT_PATIENCE)
    except BusError:
        return
    with closing(bus):
        desktops = frozenset(os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"))
        rest, trouble = list(urls), None
        if _may_ask(bus, PORTAL, may_start=bool(desktops & _PORTAL_DESKTOPS)):
            rest, trouble = _ask_all(rest, report, ProxySource.PORTAL, _portal(bus), patience)
        if rest and desktops & _GNOME_DESKTOPS:
            rest = _ask_gnome(bus, rest, report, patience)
        if trouble:
            for url in rest:
                report(url, SystemProxyAnswer(ProxySource.PORTAL, trouble=trouble))


def _ask_gnome(bus: Bus, urls: list[str], report: Report, patience: float) -> list[str]:
    """Answer by GNOME's settings; return what they say nothing about."""
    settings = read_gnome_settings(os.environ)
    if settings is None:
        return urls
    try:
        for url in urls:
            report(url, settings.answer(url))
    except PacFileError as pac:
        rest, trouble = urls, ProxyTrouble.PAC_NOT_FOLLOWED
        if _may_ask(bus, PAC_RUNNER, may_start=True):
            ask = _pac_runner(bus, pac.address)
            rest, asked = _ask_all(urls, report, ProxySource.GNOME, ask, patience)
            trouble = asked or trouble
        for url in rest:
            report(url, SystemProxyAnswer(ProxySource.GNOME, trouble=trouble))
    return []


def _may_ask(bus: Bus, name: str, *, may_start: bool) -> bool:
    """Whether a service runs, or may be started."""
    try:
        (owned,) = unpack_body(bus.call(DAEMON, DAEMON_PATH, DAEMON, "NameHasOwner", "s", (name,)), bool)
        if owned or not may_start:
            return bool(owned)
        (names,) = unpack_body(bus.call(DAEMON, DAEMON_PATH, DAEMON, "ListActivatableNames"), list)
    except BusError:
        return False
    return name in names


def _portal(bus: Bus) -> Ask:
    return lambda url, on_reply: bus.call_async(
        PORTAL, PORTAL_PATH, PORTAL_INTERFACE, "Lookup", "s", (url,), on_reply, "as"
    )


def _pac_runner(bus: Bus, pac_file: str) -> Ask:
    """Ask about a PAC file; "" stands for the one that the network names (WPAD)."""
    return lambda url, on_reply: bus.call_async(
        PAC_RUNNER, PAC_RUNNER_PATH, PAC_RUNNER, "Lookup", "ss", (pac_file, url), on_reply, "as"
    )


def _ask_all(
    urls: list[str], report: Report, source: ProxySource, ask: Ask, patience: float
) -> tuple[list[str], ProxyTrouble | None]:
    """Ask about all, and report the answers; return what was not answered, and why.

    The first is asked by itself: of a PAC file that never ends, each further question would start one more run.
    """
    failed: set[str] = set()

    def handle(url: str, body: Body | None) -> None:
        if body is None:
            failed.add(url)
        else:
            report(url, SystemProxyAnswer(source, _clean_addresses(body[0])))

    late = _collect(urls[:1], ask, handle, patience)
    late += urls[1:] if late or failed else _collect(urls[1:], ask, handle, patience)
    trouble = ProxyTrouble.FAILED if failed else ProxyTrouble.LATE if late else None
    return [url for url in urls if url in failed or url in late], trouble


def _collect(
    urls: list[str], ask: Ask, handle: Callable[[str, Body | None], None], patience: float
) -> list[str]:
    """Ask about these at once, and handle the replies as they come, None for an error; return what is late."""
    replies: SimpleQueue[tuple[str, Body | None]] = SimpleQueue()
    for url in urls:
        ask(url, partial(_put_reply, replies, url))
    deadline, late = time.monotonic() + patience, list(urls)
    while late:
        try:
            url, body = replies.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            break
        late.remove(url)
        handle(url, body)
    return late


def _put_reply(replies: SimpleQueue[tuple[str, Body | None]], url: str, body: Body | None) -> None:
    replies.put((url, body))


def _clean_addresses(listed: object) -> tuple[str, ...]:
    texts = listed if isinstance(listed, list) else []
    return tuple(text for text in texts[:_MOST_ADDRESSES] if len(text) <= _LONGEST_ADDRESS)
