"""What `doctor` finds of the person's API key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trayapp.app.context import Prepared
from trayapp.commands.doctor.desktop import Finding
from trayapp.commands.key.cost import cost_words
from trayapp.commands.key.wording import of_place, of_trouble
from trayapp.desktop.keys.base import KeyTrouble, Trouble
from trayapp.desktop.keys.chooser import keeper
from trayapp.desktop.session import session_bus

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus  # Windows has no such library

_OF_A_KEY = frozenset({Trouble.LOCKED, Trouble.SILENT, Trouble.BROKEN})
"""What may keep a key from being had; that there is no keyring is no trouble for whoever has no key."""


def key(prepared: Prepared) -> Iterator[Finding]:
    """Where it is kept, and whether it can be had. Without a key there is nothing to say, and no keyring is started."""
    bus = session_bus()
    if bus is None:
        yield from _found(prepared, None)
        return
    with closing(bus):
        yield from _found(prepared, bus)


def _found(prepared: Prepared, bus: Bus | None) -> Iterator[Finding]:
    speech, command = prepared.speech, prepared.config.key_check.key_command
    what, wanted = speech.say("API key"), prepared.config.key_check.on
    try:
        place = keeper(command, lambda: bus)
        if not place.is_running() and not wanted:
            return
        found = place.read()
    except KeyTrouble as error:
        trouble = error.trouble
        if wanted or command or trouble in _OF_A_KEY:
            yield Finding(what, False, speech.put(of_trouble(trouble)))
        return
    if found is not None:
        kept = of_place(speech, place.where, found)
        yield Finding(what, True, f"{kept} {cost_words(prepared, datetime.now(UTC))}" if wanted else kept)
    elif wanted:
        yield Finding(what, False, speech.say("There is no key to ask with: keep one with `key set`."))
