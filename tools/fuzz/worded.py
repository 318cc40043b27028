"""Rules of words: whatever is the matter, it can be said, in every language, and in the room there is."""

from __future__ import annotations

from typing import Any

from tools.fuzz.events import Event, Kind
from tools.fuzz.player import SPEECHES, Player
from tools.fuzz.rules import BrokenError
from tools.fuzz.watching import Seen, Watcher
from trayapp.core.details_page.page import Details, build_details_page
from trayapp.core.tray_view.view import TOOLTIP_UNITS, build_view
from trayapp.core.wording.headline import status_sentence
from trayapp.core.wording.notifications import build_notification
from trayapp.core.wording.reasons import reason_lines
from trayapp.model import MenuLine, Verdict
from trayapp.store.reader import read_history
from trayapp.web_page.page import render_page

EVERY = 7
"""Rounds of which one is put into words where nothing has changed."""


class Words(Watcher):
    """Notices, tooltip, menu, the sentence of `status` and the details page."""

    def __init__(self) -> None:
        self._shape: Any = None

    def on_round(self, life: Player, seen: Seen) -> None:
        """Say it, where it is another thing to say than just now."""
        verdict = seen.verdict
        shape = (verdict.state, verdict.confirmed, verdict.checking, verdict.products, verdict.connection)
        if shape == self._shape and not seen.told and life.rounds % EVERY:
            return
        self._shape = shape
        speeches = SPEECHES.values() if seen.told else (life.speech,)
        for speech in speeches:
            shown = build_view(verdict, seen.memory.saved, speech, seen.round.moment.wall)
            _judge("tooltip", shown.tooltip, TOOLTIP_UNITS)
            _judge("title", shown.title, TOOLTIP_UNITS)
            for line in shown.menu:
                _judge_menu(line)
            _judge("sentence", status_sentence(speech, verdict), 20_000)
            for one in reason_lines(speech, verdict):
                _judge("reason", one, 2000)
            for told in seen.told:
                said = build_notification(speech, told, verdict)
                _judge("notification", said.title, 100)
                _judge("notification", said.body or "-", 400)
        if seen.told and life.rounds % 3 == 0:
            self._look(life, verdict)

    def on_event(self, life: Player, event: Event) -> None:
        """The details page, when it is opened."""
        if event.kind is Kind.LOOK and life.verdict is not None and life.mode is Kind.START:
            self._look(life, life.verdict)

    @staticmethod
    def _look(life: Player, verdict: Verdict) -> None:
        known = read_history(
            life.folder / "state.sqlite", since=life.now.wall.replace(year=life.now.wall.year - 1)
        )
        details = Details(
            verdict=verdict,
            now=life.now.wall,
            seen=known.incidents,
            observations=known.observations,
            transitions=known.transitions,
            may_open=lambda _url: True,
        )
        _judge("details", render_page(build_details_page(life.speech, details)), 3_000_000)


def _judge_menu(line: MenuLine) -> None:
    if not line.separator:
        _judge("menu", line.text, 300)
    for one in line.lines:
        _judge_menu(one)


def _judge(what: str, text: str, most: int) -> None:
    units = len(text.encode("utf-16-le")) // 2
    if not text.strip() or units > most:
        raise BrokenError("words", f"{what} of {units} units: {text!r:.300}")
    if what != "details" and any(mark in text for mark in ("{", "}", "None", "State.")):
        raise BrokenError("words", f"{what}: {text!r:.300}")
